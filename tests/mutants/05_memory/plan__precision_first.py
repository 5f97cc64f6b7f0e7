# mistake: lowers the precision before checkpointing
# caught: check_plan
# says: each remedy begin again
def plan(job, capacity):
    for remedy, switches in (("batch", (False, False)), ("precision", (False, True)), ("checkpointing", (True,
        True))):
        micro = job["batch"]
        while micro >= 1:
            total = sum(needs(job, micro, *switches).values())
            if total <= capacity:
                return {"remedy": "none" if (remedy, micro) == ("batch", job["batch"]) else remedy,
                        "micro": micro, "bytes": total}
            micro //= 2
    return {"remedy": "model", "micro": None, "bytes": None}
