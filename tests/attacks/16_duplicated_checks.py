# tries: each test cell is there twice, the copy empty, with the same grade id and with another
# must: *=failed
# answers: wrong
# gains: 0
# stock: a duplicated grade id stops the whole batch

# %% build
def build(nb, folder):
    import copy

    for cell in [cell for cell in nb.cells if "check.begin" in cell.source]:
        twin = copy.deepcopy(cell)
        twin.source = "4.0"
        twin.id = "twin-" + str(len(nb.cells))
        nb.cells.append(twin)
