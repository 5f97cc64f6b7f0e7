# tries: shared memory, tmpfs, memfd and pipes hold memory that no process is charged for
# must: softmax_rows=out_of_memory|crashed|timeout|failed *=not_attempted|out_of_memory|crashed
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% exercise="softmax_rows"
import mmap
import os

def softmax_rows(x):
    block = b"x" * (1 << 24)
    for path in ("/dev/shm/@ME@-@RUN@", "/tmp/@ME@-@RUN@", "@ME@-@RUN@"):
        try:
            with open(path, "wb") as file:
                for _ in range(256):
                    file.write(block)
        except OSError as error:
            print(path, error.strerror)
    kept = []
    for _ in range(64):
        try:
            kept.append(os.memfd_create("hoard"))
            os.posix_fallocate(kept[-1], 0, 1 << 28)
            kept.append(mmap.mmap(-1, 1 << 28))
            kept[-1].write(b"x" * (1 << 28))
        except OSError as error:
            print(error.strerror)
            break
    return x
