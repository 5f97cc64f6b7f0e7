# mistake: the broken program with reshape
# caught: check_repair_images
# says: view and reshape cannot move an axis
# exercise: repair_images
def channels_first(images):
    b, h, w, c = images.shape
    return images.reshape(b, c, h, w)
