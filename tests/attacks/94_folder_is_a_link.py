# tries: the lesson's folder is a symbolic link to another student's
# must: refused
# gains: 0

# %% build
def build(nb, folder):
    import shutil

    shutil.rmtree(folder)
    folder.symlink_to("../@BYSTANDER@/01_victim")
