# tries: the notebook handed in is a symbolic link to another student's
# must: refused
# gains: 0
# flags: quick

# %% build
def build(nb, folder):
    path = folder / "01_victim.ipynb"
    path.unlink()
    path.symlink_to("../../@BYSTANDER@/01_victim/01_victim.ipynb")
