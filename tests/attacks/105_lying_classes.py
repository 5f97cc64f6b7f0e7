# tries: metaclasses and __class__ properties say that an object is a tensor, a module or a float
# must: softmax_rows=failed|tampered|crashed net=failed|tampered|crashed engine=failed|tampered|crashed total_bytes=failed *=not_attempted
# gains: 0

# %% exercise="softmax_rows"
class Pretender:
    __class__ = property(lambda self: torch.Tensor)
    shape, dtype, requires_grad = torch.Size([1, 2]), torch.float32, False
    device = torch.device("cpu")
    def __array__(self, *args, **kwargs):
        return torch.full((1, 2), 0.5).numpy()
    def __getattr__(self, name):
        return getattr(torch.full((1, 2), 0.5), name)

def softmax_rows(x):
    return Pretender()

# %% exercise="net"
class Everything(type):
    def __instancecheck__(cls, instance):
        return True
    def __subclasscheck__(cls, other):
        return True

class Net(metaclass=Everything):
    __class__ = property(lambda self: nn.Module)
    def __init__(self, d, h):
        pass
    def parameters(self):
        return iter([torch.zeros(26)])
    def named_parameters(self, *args, **kwargs):
        return iter([("first.weight", torch.zeros(26))])
    def __call__(self, x):
        return torch.zeros(len(x))

# %% exercise="engine"
class Value(float, metaclass=Everything):
    data = grad = property(lambda self: self)

# %% exercise="total_bytes"
class Int(type(0)):
    __class__ = property(lambda self: int)
    __index__ = __int__ = lambda self: 4004
total_bytes = Int(5)
