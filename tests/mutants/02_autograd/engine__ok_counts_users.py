# why: Kahn's way: a value sends when all who used it have reported; blame in a table until the end
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
        users, found, todo = {}, {self}, [self]
        while todo:
            value = todo.pop()
            for source, _ in value.sources:
                users[source] = users.get(source, 0) + 1
                if source not in found:
                    found.add(source)
                    todo.append(source)
        blame, ready = {self: 1.0}, [self]
        while ready:
            value = ready.pop()
            for source, local in value.sources:
                blame[source] = blame.get(source, 0.0) + blame[value] * local
                users[source] -= 1
                if users[source] == 0:
                    ready.append(source)
        for value, amount in blame.items():
            value.grad = amount + (0.0 if value.sources else value.grad)
