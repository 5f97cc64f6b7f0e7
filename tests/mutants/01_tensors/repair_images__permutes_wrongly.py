# mistake: permute(0, 3, 2, 1)
# caught: check_repair_images
# says: swapped
# exercise: repair_images
def channels_first(images):
    return images.permute(0, 3, 2, 1)
