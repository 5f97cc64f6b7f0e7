# mistake: forgets weights, gradients and states
# caught: check_plan
# says: halve the batch until the sum of all items fits
def plan(job, capacity):
    for remedy, switches in {"batch": (False, False), "checkpointing": (True, False), "precision": (True,
                             True)}.items():
        micro = job["batch"]
        while micro >= 1:
            total = needs(job, micro, *switches)["activations"]
            if total <= capacity:
                return {"remedy": "none" if (remedy, micro) == ("batch", job["batch"]) else remedy,
                        "micro": micro, "bytes": total}
            micro //= 2
    return {"remedy": "model", "micro": None, "bytes": None}
