# mistake: calls a batch that fits a remedy
# caught: check_plan
# says: 'none'
def plan(job, capacity):
    for remedy, switches in (("batch", (False, False)), ("checkpointing", (True, False)), ("precision", (True,
        True))):
        micro = job["batch"]
        while micro >= 1:
            total = sum(needs(job, micro, *switches).values())
            if total <= capacity:
                return {"remedy": remedy, "micro": micro, "bytes": total}
            micro //= 2
    return {"remedy": "model", "micro": None, "bytes": None}
