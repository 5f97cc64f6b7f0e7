# why: lists all ways and takes the first that fits
def plan(job, capacity):
    sizes = [job["batch"]]
    while sizes[-1] > 1:
        sizes.append(sizes[-1] // 2)
    ways = [("batch", {}), ("checkpointing", {"checkpointing": True}), ("precision", {"checkpointing": True,
                       "half": True})]
    tried = [(name, size, sum(needs(job, size, **how).values())) for name, how in ways for size in sizes]
    for name, size, total in tried:
        if total <= capacity:
            first = name == "batch" and size == job["batch"]
            return {"remedy": "none" if first else name, "micro": size, "bytes": total}
    return {"remedy": "model", "micro": None, "bytes": None}
