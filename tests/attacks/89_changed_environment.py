# tries: variables, the working folder, limits, priorities and the umask are changed for those who come after
# must: *=not_attempted|crashed|timeout
# gains: 0

# %% own
import os
import resource
import shutil

os.environ.update(PYTHONSTARTUP="/tmp/evil.py", LD_PRELOAD="/tmp/evil.so", PYTHONPATH="/tmp", MEASURE_FIRST_STUDENT="zz_bystander")
os.umask(0o777)
os.nice(19)
resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
os.chdir("/")
for path in ("/tmp", os.path.expanduser("~"), "@HOME@", "/proc/self/cwd"):
    shutil.rmtree(path, ignore_errors=True)
