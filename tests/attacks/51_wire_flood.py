# tries: the judge is flooded with well-formed messages without end, by a thread, while it waits
# must: softmax_rows=tampered|timeout|crashed|failed *=not_attempted|crashed|tampered|timeout|skipped
# gains: 0

# %% exercise="softmax_rows"
import os
import struct
import threading

def flood():
    header = b'{"op":"output","events":[["stream","stdout","flood"]],"number":1}'
    frame = struct.pack("!4sIII", b"mf1\n", len(header), 0, 0) + header
    while True:
        for number in (*range(3, 64), *range(200, 260), *range(65400, 65536)):
            try:
                os.write(number, frame * 20)
            except OSError:
                pass

def softmax_rows(x):
    for _ in range(4):
        threading.Thread(target=flood, daemon=True).start()
    flood()
