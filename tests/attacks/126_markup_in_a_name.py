# tries: the student's folder is named like a script, for the report and the page's title
# must: softmax_rows=failed *=not_attempted
# gains: 0
# student: <img src=x onerror=document.title='owned-by-a-student'>
# flags: quick page

# %% exercise="softmax_rows"
def softmax_rows(x):
    return x
