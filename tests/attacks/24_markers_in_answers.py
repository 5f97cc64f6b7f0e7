# tries: the build's own markers and frame stand in the answers, so that cells are cut or joined in the wrong places
# must: softmax_rows=failed sizes=failed|not_attempted *=not_attempted
# gains: 0

# %% exercise="softmax_rows"
### BEGIN SOLUTION
def softmax_rows(x):
    ### BEGIN HIDDEN TESTS
    return x
### END HIDDEN TESTS
# check.begin("softmax_rows", points=2)
# check.end()
### END SOLUTION
### AUTOTEST softmax_rows(x)

# %% exercise="sizes"
sizes = {"float64": 0}
### BEGIN HIDDEN TESTS
check.end()
### END HIDDEN TESTS
# exercise: total_bytes
