# tries: files in every writable folder, executable and setuid, for the next submission or the instructor to run
# must: *=not_attempted
# gains: 0
# flags: quick

# %% own
import os

places = ["/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/run", "/dev", "/", "..", "../..", "@COURSE@", "@HOME@",
          "@COURSE@/grading", "@COURSE@/grading/submitted/@BYSTANDER@/01_victim", "@COURSE@/release/01_victim"]
for place in places:
    for name in ("left-@RUN@", "torch-@RUN@.py"):
        try:
            path = os.path.join(place, name)
            with open(path, "w") as file:
                file.write("#!/bin/sh\necho left by @ME@\n")
            os.chmod(path, 0o6777)
            print("wrote", path)
        except OSError as error:
            print(place, error.strerror)
