# tries: a folder name that climbs out when it is joined to a path, or hides another in the tables
# must: softmax_rows=failed *=not_attempted
# gains: 0
# student: a..%2f..%2fzz_bystander, 24,24

# %% exercise="softmax_rows"
def softmax_rows(x):
    return x
