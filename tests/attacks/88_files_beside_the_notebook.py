# tries: torch.py, sitecustomize.py, autograde/ and a startup file are handed in beside the notebook
# must: softmax_rows=failed *=not_attempted
# gains: 0
# flags: quick
# stock: the notebook's folder comes first on sys.path

# %% build
def build(nb, folder):
    fake = "print('@ME@: imported before the real one')\n"
    for name in ("torch.py", "sitecustomize.py", "usercustomize.py", "json.py", "socket.py", "struct.py", "x.pth",
                 "conftest.py", "setup_colab.py", "nbgrader_config.py", "ipython_config.py", "libtorch.so", "random.pyc"):
        (folder / name).write_text(fake)
    for package in ("autograde", "IPython", "autograde/check"):
        (folder / package).mkdir(parents=True, exist_ok=True)
        (folder / package / "__init__.py").write_text(fake)
    (folder / "quiz_1.json").write_text('{"id": "quiz_1", "questions": []}')
    (folder / "requirements.txt").write_text("left-pad\n")
    (folder / ".env").write_text("MEASURE_FIRST_SECRET=guessed\n")

# %% exercise="softmax_rows"
import importlib
import sys

sys.path.insert(0, ".")
importlib.invalidate_caches()

def softmax_rows(x):
    return x
