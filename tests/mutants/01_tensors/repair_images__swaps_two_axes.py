# mistake: transpose(1, 3): height and width are swapped
# caught: check_repair_images
# says: swapped
# exercise: repair_images
def channels_first(images):
    return images.transpose(1, 3)
