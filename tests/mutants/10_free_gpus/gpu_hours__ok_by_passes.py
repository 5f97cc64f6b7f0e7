# why: a table of passes, and hours first
def gpu_hours(examples, batch, epochs, forward_s, way="full", recomputed=False, overhead=1.0):
    table = {
        ("full", False): 3,
        ("full", True): 4,
        ("lora", False): 2,
        ("lora", True): 3,
        ("head", False): 1,
        ("head", True): 2,
    }
    if not overhead >= 1 or (way, False) not in table:
        raise ValueError("an overhead of at least 1, and one of three ways")
    steps = examples / batch * epochs
    forward = forward_s * steps
    seconds = table[way, bool(recomputed)] * forward * overhead
    return {"gpu_hours": seconds / 60 / 60, "total_s": seconds, "forward_s": forward, "steps": steps}
