# tries: processes leave their session and group, and live on after grading, next to other submissions
# must: softmax_rows=failed|timeout *=not_attempted
# gains: 0
# flags: quick

# %% own
import os
import subprocess
import sys
import time

def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(300)", "left-by-@ME@-@RUN@"])
        os._exit(0)

daemon()
subprocess.Popen("nohup setsid sleep 300 > /dev/null 2>&1 &", shell=True)
!(setsid nohup sleep 300 &) > /dev/null 2>&1

# %% exercise="softmax_rows"
def softmax_rows(x):
    daemon()
    return x
