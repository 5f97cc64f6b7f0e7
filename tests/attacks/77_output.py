# tries: output without end: streams, displays, updates of displays, tracebacks, from a cell and from a check
# must: softmax_rows=timeout|failed centre=failed|timeout *=not_attempted|timeout|crashed
# gains: 0
# flags: quick

# %% own
import sys
for _ in range(200_000):
    print("spam " * 40)
    print("spam " * 40, file=sys.stderr)

# %% own after="sizes"
from IPython.display import HTML, display
handle = display(HTML("<b>spam</b>" * 10_000), display_id=True)
for number in range(2_000):
    handle.update(HTML(f"<b>{number}</b>" * 10_000))

# %% exercise="softmax_rows"
def softmax_rows(x):
    while True:
        print("spam " * 4000)

# %% exercise="centre"
def centre(x):
    raise ValueError("spam " * 50_000_000)
