# tries: right answers are left for other submissions, in files, in modules and in the warm process that all come from
# must: softmax_rows=failed|crashed *=not_attempted
# gains: 0

# %% own
import builtins
import os
import sys

builtins.shared_answers_@RUN@ = getattr(builtins, "shared_answers_@RUN@", 0) + 1
sys.modules["torch"].shared_@RUN@ = True
for pid in (os.getppid(), 1):
    try:
        with open(f"/proc/{pid}/mem", "r+b", 0) as memory:
            memory.seek(0x400000)
            print("may write to", pid)
    except OSError as error:
        print(pid, error.strerror)
    try:
        open(f"/proc/{pid}/oom_score_adj", "w").write("1000")
        print("the parent is the first to be killed for memory")
    except OSError as error:
        print(pid, error.strerror)

# %% exercise="softmax_rows"
def softmax_rows(x):
    raise RuntimeError("seen before" if builtins.shared_answers_@RUN@ > 1 else "nobody was here before")
