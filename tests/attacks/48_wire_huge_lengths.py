# tries: frames that promise gigabytes of header, of buffers or of buffer table, and never bring them
# must: softmax_rows=tampered|timeout|crashed|failed centre=tampered|timeout|crashed|failed *=not_attempted|skipped
# gains: 0

# %% exercise="softmax_rows"
import os
import struct

def promise(*frames):
    for number in range(3, 70000):
        for frame in frames:
            try:
                os.write(number, frame)
            except OSError:
                break

def softmax_rows(x):
    promise(struct.pack("!4sIII", b"mf1\n", 0xFFFFFFFF, 0xFFFFFFFF, 0) + b"{" * 4000,
            struct.pack("!QQ", 1 << 62, 1 << 62) + b"[" * 4000)
    return x

# %% exercise="centre"
def centre(x):
    promise(struct.pack("!4sIII", b"mf1\n", 20, 10_000, 0) + struct.pack("!Q", 1 << 30) * 10_000)
    return x
