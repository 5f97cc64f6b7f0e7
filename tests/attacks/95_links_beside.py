# tries: files beside the notebook are links to the gradebook, the source, the home and devices, to be copied where they run
# must: *=not_attempted
# gains: 0
# flags: weak-leak

# %% build
def build(nb, folder):
    links = {"data.db": "@COURSE@/grading/gradebook.db", "tests.txt": "@COURSE@/source/01_victim/01_victim.ipynb",
             "key.txt": "@HOME@/.ssh/id_ed25519", "zero.bin": "/dev/zero", "up": "../..", "loop": "loop",
             "other.txt": "../../@BYSTANDER@/01_victim/01_victim.ipynb"}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    (folder / "back\\..\\slash.txt").write_text("x")
    (folder / "new\nline.txt").write_text("x")
    (folder / "-rf").write_text("x")

# %% own
import os

for name in sorted(os.listdir(".")):
    try:
        with open(name, "rb") as file:
            print(repr(name), os.path.islink(name), file.read(30000).hex())
    except OSError as error:
        print(repr(name), error.strerror)
