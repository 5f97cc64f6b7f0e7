# mistake: promises the peak to everything
# caught: check_roofline
# says: the lower of the two is the roof
def roofline(flops, bytes_moved, peak, bandwidth):
    i = flops / bytes_moved
    return {"intensity": i, "rate": peak, "bound": "compute" if i * bandwidth >= peak else "memory"}
