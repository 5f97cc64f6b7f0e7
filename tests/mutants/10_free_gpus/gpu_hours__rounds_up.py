# mistake: rounds the steps of each epoch up
# caught: check_gpu_hours
# says: your answer
def gpu_hours(examples, batch, epochs, forward_s, way="full", recomputed=False, overhead=1.0):
    backward = {"full": 2, "lora": 1, "head": 0}
    if way not in backward:
        raise ValueError(f"no way {way!r}")
    if overhead < 1:
        raise ValueError("overhead is a factor of at least 1")
    steps = math.ceil(examples / batch) * epochs
    total = steps * forward_s * (1 + backward[way] + recomputed) * overhead
    return {"steps": steps, "forward_s": steps * forward_s, "total_s": total, "gpu_hours": total / 3600}
