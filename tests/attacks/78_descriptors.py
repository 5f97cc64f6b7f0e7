# tries: every descriptor that a process may have, and pipes and sockets beyond
# must: softmax_rows=failed|crashed|tampered|timeout *=not_attempted
# gains: 0

# %% exercise="softmax_rows"
import os
import socket

def softmax_rows(x):
    kept = []
    try:
        while True:
            kept += os.pipe()
            kept.append(socket.socketpair())
    except OSError as error:
        print(error.strerror)
    globals()["kept"] = kept
    return x
