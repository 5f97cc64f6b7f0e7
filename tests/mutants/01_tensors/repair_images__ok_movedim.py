# why: movedim says which axis goes where
# exercise: repair_images
def channels_first(images):
    return torch.movedim(images, -1, 1)
