# mistake: refuses what fits exactly
# caught: check_plan
# says: exactly the capacity
def plan(job, capacity):
    for remedy, switches in (("batch", (False, False)), ("checkpointing", (True, False)), ("precision", (True,
        True))):
        micro = job["batch"]
        while micro >= 1:
            total = sum(needs(job, micro, *switches).values())
            if total < capacity:
                return {"remedy": "none" if (remedy, micro) == ("batch", job["batch"]) else remedy,
                        "micro": micro, "bytes": total}
            micro //= 2
    return {"remedy": "model", "micro": None, "bytes": None}
