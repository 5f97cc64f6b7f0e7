# mistake: transposes, then forces the shape
# caught: check_repair_images
# says: compare got[0, 0]
# exercise: repair_images
def channels_first(images):
    b, h, w, c = images.shape
    return images.transpose(1, 3).reshape(b, c, h, w)
