# mistake: calls the slope compute-bound
# caught: check_roofline
# says: 'memory'
def roofline(flops, bytes_moved, peak, bandwidth):
    i = flops / bytes_moved
    return {"intensity": i, "rate": min(peak, i * bandwidth), "bound": "memory" if i * bandwidth >= peak else "compute"}
