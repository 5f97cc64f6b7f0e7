# mistake: visits nodes in the order in which it meets them, each once
# caught: check_engine__diamond
# says: has everybody who used a reported by then
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
        return Value(t, ((self, 1.0 - t * t),))

    def backward(self):
        self.grad = 1.0
        queue, visited = [self], {self}
        while queue:
            value = queue.pop(0)
            if value.sources and value is not self:
                pass
            for source, local in value.sources:
                source.grad += value.grad * local
                if source not in visited:
                    visited.add(source)
                    queue.append(source)
