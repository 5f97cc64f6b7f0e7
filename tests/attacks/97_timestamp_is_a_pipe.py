# tries: timestamp.txt is a pipe, so that reading it hangs
# must: *=not_attempted
# gains: 0

# %% build
def build(nb, folder):
    import os

    os.mkfifo(folder / "timestamp.txt")
