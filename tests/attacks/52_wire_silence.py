# tries: the connection is closed, shut down or no longer read, so that the judge waits for ever
# must: softmax_rows=crashed|timeout|tampered|failed centre=crashed|timeout|tampered|failed
#   *=not_attempted|crashed|tampered|timeout|skipped
# gains: 0

# %% exercise="softmax_rows"
import os
import socket
import time

def softmax_rows(x):
    os.closerange(3, 70000)
    return x

# %% exercise="centre"
def centre(x):
    for number in range(3, 70000):
        try:
            socket.socket(fileno=number).shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    time.sleep(60)

# %% own after="centre"
os.closerange(3, 70000)
