# why: two swaps make the cycle
# exercise: repair_images
def channels_first(images):
    return images.transpose(2, 3).transpose(1, 2)
