# mistake: returns no gradient at all, so that there is nothing to compare
# caught: check_dense_grads
# says: expected three gradients, (dx, dw, db), your answer has 0
def dense_grads(x, w, b, y):
    return ()
