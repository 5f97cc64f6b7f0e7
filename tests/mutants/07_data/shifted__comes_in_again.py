# mistake: lets what leaves come in on the other side
# caught: check_shifted
# says: does not come in on the other
def shifted(images, rows, columns):
    return torch.stack([torch.roll(image, (r, c), (0, 1)) for image, r, c in zip(images, rows, columns)])
