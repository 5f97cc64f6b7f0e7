# tries: timestamp.txt is a link to a secret, which the message about a bad date would quote
# must: refused
# gains: 0

# %% build
def build(nb, folder):
    (folder / "timestamp.txt").symlink_to("@HOME@/.netrc")
