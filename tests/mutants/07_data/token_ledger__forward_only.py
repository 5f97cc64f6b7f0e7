# mistake: two FLOPs for each parameter and token
# caught: check_token_ledger
# says: token_ledger
def token_ledger(tokens, context, batch, epochs, parameters):
    windows = tokens // context
    batches = windows // batch
    fresh = batches * batch * context
    made = {"windows": windows, "batches": batches, "steps": epochs * batches, "seen": epochs * fresh, "fresh": fresh}
    made["flops"] = 2 * parameters * epochs * fresh
    return made
