# tries: the disk is filled: one large file, many small ones, files without a name
# must: softmax_rows=failed|crashed|timeout|out_of_memory *=not_attempted|timeout|crashed|out_of_memory
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% own
import os
import tempfile

block = b"x" * (1 << 24)
try:
    with open("large-@RUN@", "wb") as file:
        for _ in range(200):
            file.write(block)
except OSError as error:
    print(error.strerror)
try:
    os.makedirs("small-@RUN@")
    for number in range(50_000):
        open(f"small-@RUN@/{number}", "w").close()
except OSError as error:
    print(error.strerror)
unnamed = []
try:
    for _ in range(20):
        unnamed.append(tempfile.TemporaryFile())
        for _ in range(8):
            unnamed[-1].write(block)
except OSError as error:
    print(error.strerror)

# %% exercise="softmax_rows"
def softmax_rows(x):
    return x
