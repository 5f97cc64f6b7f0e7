# tries: the test cells are not handed in
# must: *=failed
# answers: wrong
# gains: 0
# stock: nbgrader accepts a notebook without its graded cells

# %% build
def build(nb, folder):
    nb.cells = [cell for cell in nb.cells if "check.begin" not in cell.source]
