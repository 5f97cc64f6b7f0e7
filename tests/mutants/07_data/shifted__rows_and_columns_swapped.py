# mistake: takes rows for columns
# caught: check_shifted
# says: one row down
def shifted(images, rows, columns):
    made = torch.zeros_like(images)
    h, w = images.shape[1:]
    for n, (c, r) in enumerate(zip(rows, columns)):
        for i in range(h):
            for j in range(w):
                if 0 <= i - r < h and 0 <= j - c < w:
                    made[n, i, j] = images[n, i - r, j - c]
    return made
