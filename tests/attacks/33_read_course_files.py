# tries: hidden tests, references and the gradebook are read from disk, by every path that leads there
# must: *=not_attempted
# gains: 0
# flags: quick weak-leak

# %% own
import glob
import os

seen = []
roots = ["@COURSE@", "@REPO@", ".", "..", "../..", "../../..", os.path.expanduser("~"), "/", "/home", "/mnt", "/srv"]
for root in roots:
    for pattern in ("source/*/*", "notebooks/*", "grading/gradebook.db", "grading/*.csv", "tests/attacks/victim/*/*",
                    "tests/mutants/*/*", "gradebook.db", "course.toml", "../*/*", "*.ipynb"):
        seen += glob.glob(os.path.join(root, pattern))
for path in sorted(set(seen)):
    try:
        data = open(path, "rb").read()
    except OSError:
        continue
    if b"kanarien" + b"vogel" in data or b"HIDDEN TESTS" in data:
        at = max(data.find(b"kanarien" + b"vogel"), 0)
        print(path, data[at : at + 200].hex())
