# why: each result carries a function that hands its blame to its sources
class Value:
    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents
        self.hand_out = lambda: None

    @staticmethod
    def wrap(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.wrap(other)
        out = Value(self.data + other.data, (self, other))

        def hand_out():
            self.grad += out.grad
            other.grad += out.grad

        out.hand_out = hand_out
        return out

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        other = Value.wrap(other)
        out = Value(self.data * other.data, (self, other))

        def hand_out():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.hand_out = hand_out
        return out

    def __rmul__(self, other):
        return self * other

    def tanh(self):
        out = Value(torch.tanh(torch.tensor(self.data, dtype=torch.float64)).item(), (self,))

        def hand_out():
            self.grad += (1 - out.data**2) * out.grad

        out.hand_out = hand_out
        return out

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, done = stack.pop()
            if done:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                stack.append((value, True))
                stack.extend((parent, False) for parent in value.parents)
        for value in order:
            if value.parents:
                value.grad = 0
        self.grad = 1.0
        for value in order[::-1]:
            value.hand_out()
