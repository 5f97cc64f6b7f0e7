# tries: the folder's name and the messages clear the instructor's terminal, change its title and type into it
# must: refused
# gains: 0
# student: x\x1bc\x1b]0;owned-by-a-student\x07
# flags: quick

# %% exercise="softmax_rows"
def softmax_rows(x):
    raise ValueError("\x1b[2J\x1b]0;owned-by-a-student\x07\x1b[8m\x9b31m")
