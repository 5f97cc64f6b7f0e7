# mistake: sends each parcel along every path: right, and exponential
# caught: check_engine__diamond
# says: do you walk each way, or visit each value once
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
        def clear(value, visited):
            if value not in visited:
                visited.add(value)
                if value.sources:
                    value.grad = 0.0
                for source, _ in value.sources:
                    clear(source, visited)
        clear(self, set())
        def send(value, parcel):
            value.grad += parcel
            for source, local in value.sources:
                send(source, parcel * local)
        send(self, 1.0)
