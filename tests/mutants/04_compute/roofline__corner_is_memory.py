# mistake: calls the corner memory-bound
# caught: check_roofline
# says: bound, 8000 FLOPs, 1000 bytes
def roofline(flops, bytes_moved, peak, bandwidth):
    i = flops / bytes_moved
    return {"intensity": i, "rate": min(peak, i * bandwidth), "bound": "compute" if i * bandwidth > peak else "memory"}
