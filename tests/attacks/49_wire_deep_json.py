# tries: answers of JSON nested a hundred thousand deep, with numbers of a million digits and keys that repeat
# must: softmax_rows=tampered|crashed|failed|timeout centre=tampered|crashed|failed|timeout
#   bytes_of=tampered|crashed|failed|timeout *=not_attempted|skipped
# gains: 0

# %% exercise="softmax_rows"
import os
import struct

def send_all(header):
    frame = struct.pack("!4sIII", b"mf1\n", len(header), 0, 0) + header
    for number in range(3, 70000):
        try:
            os.write(number, frame)
        except OSError:
            pass

def softmax_rows(x):
    send_all(b"[" * 100_000 + b"]" * 100_000)
    return x

# %% exercise="centre"
def centre(x):
    send_all(b'{"value":' * 60_000 + b"1" + b"}" * 60_000)
    return x

# %% exercise="bytes_of"
def bytes_of(name):
    send_all(b'{"op":"returned","value":' + b"9" * 1_000_000 + b',"value":NaN}')
    return 8
