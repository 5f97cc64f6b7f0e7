# tries: NotAttempted and CheckFailed of the student's own making say that the cell passed, or that a person must look
# must: softmax_rows=not_attempted|failed grad_of_mse=failed|not_attempted sizes=failed|not_attempted
#   total_bytes=not_attempted|failed running_mean=failed *=not_attempted
# gains: 0

# %% exercise="softmax_rows"
class Passed(check.NotAttempted):
    status, fraction, score, points = "passed", 1.0, 2.0, 2.0
    def __init__(self):
        super().__init__("softmax_rows")
    def __str__(self):
        return "✓ softmax_rows: 9 checks passed"
    def __repr__(self):
        return "passed"

def softmax_rows(x):
    raise Passed()

# %% exercise="grad_of_mse"
def grad_of_mse(w, x, y):
    error = check.CheckFailed("grad_of_mse: 5 checks passed")
    error.status, error.fraction = "passed", 1.0
    raise error

# %% exercise="running_mean"
def running_mean(numbers):
    raise StopIteration([1.0, 2.0])

# %% exercise="sizes"
class GraderError(Exception):
    pass

class sizes(dict):
    def __class_getitem__(cls, key):
        raise GraderError("the check itself stopped")
    __class__ = property(lambda self: 1 / 0)

sizes = sizes(float64=8)
