# mistake: sends on everything received so far each time a parcel arrives
# caught: check_engine__diamond
# says: can each value send once
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
        def send(value):
            for source, local in value.sources:
                source.grad += value.grad * local
                send(source)
        send(self)
