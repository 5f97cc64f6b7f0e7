# tries: the notebook is a named pipe that never delivers, with devices and sockets beside it
# must: refused
# gains: 0

# %% build
def build(nb, folder):
    import os
    import socket

    path = folder / "01_victim.ipynb"
    path.unlink()
    os.mkfifo(path)
    os.mkfifo(folder / "data.csv")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)
        server.bind("s.txt")
        os.chdir(here)
