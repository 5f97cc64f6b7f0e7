# mistake: bytes for each FLOP
# caught: check_roofline
# says: is intensity FLOPs a byte
def roofline(flops, bytes_moved, peak, bandwidth):
    i = bytes_moved / flops
    return {"intensity": i, "rate": min(peak, i * bandwidth), "bound": "compute" if i * bandwidth >= peak else "memory"}
