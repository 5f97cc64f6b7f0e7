# tries: site-packages, our own package, byte code and pip's cache are changed for those who are graded next
# must: *=not_attempted
# gains: 0
# flags: quick

# %% own
import glob
import os
import site
import sys

poison = "import sys; sys.stderr.write('poisoned @RUN@')\n"
folders = {"@SITE@", "@SITE@/torch", "@REPO@", "@REPO@/autograde", "@REPO@/autograde/check", site.getusersitepackages(),
           *site.getsitepackages(), *sys.path, "@HOME@/.cache/pip", os.path.expanduser("~/.cache/pip"), sys.prefix,
           "/etc", "/usr/lib/python3/dist-packages"}
for folder in folders:
    for name in ("poison-@RUN@.pth", "sitecustomize_@RUN@.py", "usercustomize_@RUN@.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(poison)
            print("wrote", folder)
        except OSError as error:
            print(folder, error.strerror)
for path in glob.glob("@REPO@/autograde/**/*.py", recursive=True)[:5] + ["@COURSE@/nbgrader_config.py"]:
    try:
        os.chmod(path, 0o666)
        os.utime(path)
        open(path, "a").close()
        print("may write", path)
    except OSError as error:
        print(error.strerror)

# %% own
!pip install --quiet --target @HOME@/left-by-pip-@RUN@ six
%pip uninstall --yes nbgrader
