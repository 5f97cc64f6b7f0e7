# tries: shared memory, semaphores, queues and locks by name are left for, or taken from, other submissions
# must: *=not_attempted
# gains: 0

# %% own
import ctypes
from multiprocessing import shared_memory
from multiprocessing.resource_tracker import unregister

libc = ctypes.CDLL(None, use_errno=True)
try:
    kept = shared_memory.SharedMemory("left-@RUN@", create=True, size=1 << 20)
    unregister(kept._name, "shared_memory")
    print("made", kept.name)
except OSError as error:
    print(error)
print("System V", libc.shmget(int("@RUN@"[:7], 16), 1 << 20, 0o1666 | 0o1000))
print("queue", libc.mq_open(b"/left-@RUN@", 0o101, 0o666, None), libc.sem_open(b"/left-@RUN@", 0o100, 0o666, 1))
