# tries: the student's folder is called like an option of the grader's command
# must: softmax_rows=failed *=not_attempted
# gains: 0
# student: --force

# %% exercise="softmax_rows"
def softmax_rows(x):
    return x
