# tries: an object with a length and items that change at every look, and never run out
# must: running_mean=failed|timeout|out_of_memory|tampered|crashed centre=failed|timeout|tampered|crashed *=not_attempted
# gains: 0

# %% exercise="running_mean"
import random

class Shifting:
    def __len__(self):
        return random.choice([2, 12])
    def __getitem__(self, index):
        return random.random()
    def __iter__(self):
        return iter(lambda: random.random(), None)
    def __eq__(self, other):
        return True

def running_mean(numbers):
    return Shifting()

# %% exercise="centre"
class Shape:
    shape = property(lambda self: torch.Size([random.randint(1, 3), 4]))
    dtype, requires_grad, device = torch.float32, False, torch.device("cpu")
    def __getattr__(self, name):
        return lambda *args, **kwargs: Shape()
    def __iter__(self):
        return iter(self.__class__, None)

def centre(x):
    return Shape()
