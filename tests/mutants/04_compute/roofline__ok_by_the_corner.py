# why: compares with the corner
def roofline(flops, bytes_moved, peak, bandwidth):
    intensity = flops / bytes_moved
    if intensity < peak / bandwidth:
        return dict(intensity=intensity, rate=intensity * bandwidth, bound="memory")
    return dict(intensity=intensity, rate=peak, bound="compute")
