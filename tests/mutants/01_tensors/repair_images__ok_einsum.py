# why: einsum with names, contiguous
# exercise: repair_images
def channels_first(images):
    return torch.einsum("bhwc->bchw", images).contiguous()
