# mistake: uses 1 − x² in place of 1 − tanh(x)²
# caught: check_engine
# says: is the slope of tanh 1 − tanh(x)², with the result
class Value:
    def __init__(self, data, sources=()):
        self.data, self.grad, self.sources = float(data), 0.0, sources

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = float(np.tanh(self.data))
        return Value(t, ((self, 1.0 - self.data * self.data),))

    def backward(self):
        order, visited = [], set()
        def visit(value):
            if value not in visited:
                visited.add(value)
                for source, _ in value.sources:
                    visit(source)
                order.append(value)
        visit(self)
        for value in order:
            if value.sources:
                value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for source, local in value.sources:
                source.grad += value.grad * local
