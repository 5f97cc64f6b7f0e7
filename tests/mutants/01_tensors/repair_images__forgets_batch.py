# mistake: permutes three axes
# caught: check_repair_images
# says: number of dimensions
# exercise: repair_images
def channels_first(images):
    return images.permute(2, 0, 1)
