# why: works out the GPU-hours first
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if mfu <= 0.0 or mfu > 1.0:
        raise ValueError(f"{mfu} is no share")
    made = dict(flops=6.0 * parameters * tokens)
    made["gpu_hours"] = made["flops"] / (promised * mfu) / 3600
    made["seconds"] = made["gpu_hours"] * 3600 / chips
    made["dollars"] = dollars_per_hour * made["gpu_hours"]
    return made
