# tries: descriptors of files are sent over every socket, so that the judge opens what it is sent or runs out of them
# must: softmax_rows=tampered|crashed|failed|timeout *=not_attempted|crashed|tampered|skipped
# gains: 0

# %% exercise="softmax_rows"
import array
import os
import socket

def softmax_rows(x):
    gifts = array.array("i", [os.open("/dev/zero", os.O_RDONLY) for _ in range(100)])
    for number in (*range(3, 64), *range(200, 260), *range(65400, 65536)):
        try:
            peer = socket.socket(fileno=os.dup(number))
            for _ in range(20):
                peer.sendmsg([b"mf1\n" + bytes(12)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, gifts)], socket.MSG_DONTWAIT)
        except OSError:
            pass
    return x
