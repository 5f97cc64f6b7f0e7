# why: from the steps
def token_ledger(tokens, context, batch, epochs, parameters):
    windows, _ = divmod(tokens, context)
    batches, _ = divmod(windows, batch)
    steps = batches * epochs
    seen = steps * batch * context
    fresh = seen // epochs if epochs else 0
    return dict(windows=windows, batches=batches, steps=steps, seen=seen, fresh=fresh, flops=6 * seen * parameters)
