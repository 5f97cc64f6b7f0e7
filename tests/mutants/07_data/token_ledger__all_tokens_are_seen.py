# mistake: counts tokens that fill no batch
# caught: check_token_ledger
# says: the tokens that do not fill a batch are not seen
def token_ledger(tokens, context, batch, epochs, parameters):
    windows = tokens // context
    batches = windows // batch
    fresh = tokens
    made = {"windows": windows, "batches": batches, "steps": epochs * batches, "seen": epochs * fresh, "fresh": fresh}
    made["flops"] = 6 * parameters * epochs * fresh
    return made
