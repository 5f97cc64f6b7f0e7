# tries: start-up files of IPython, Python, the shell and matplotlib, which the next kernel would run
# must: *=not_attempted
# gains: 0

# %% own
import os
from pathlib import Path

line = "import os; os.environ['POISONED'] = '@RUN@'\n"
for home in {os.path.expanduser("~"), "@HOME@", os.environ.get("IPYTHONDIR", "/nowhere"), "/root", "/"}:
    for name in (".ipython/profile_default/startup/00-@RUN@.py", "profile_default/startup/00-@RUN@.py",
                 ".pythonrc-@RUN@.py", ".bashrc", ".profile", ".config/matplotlib/matplotlibrc",
                 ".local/lib/python3.11/site-packages/usercustomize.py", ".jupyter/jupyter_config.py"):
        try:
            path = Path(home, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").write(line)
            print("wrote", path)
        except OSError as error:
            print(error.strerror)
