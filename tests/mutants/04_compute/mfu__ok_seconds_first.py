# why: the seconds that the promise would take
def mfu(flops, seconds, promised):
    best = flops / promised
    if best > seconds:
        raise ValueError(f"faster than the chip: {best / seconds:.2f}")
    return best / seconds
