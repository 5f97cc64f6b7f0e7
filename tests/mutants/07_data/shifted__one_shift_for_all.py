# mistake: moves all pictures alike
# caught: check_shifted
# says: each picture has its own two numbers
def shifted(images, rows, columns):
    made = torch.zeros_like(images)
    h, w = images.shape[1:]
    r, c = rows[0], columns[0]
    for i in range(h):
        for j in range(w):
            if 0 <= i - r < h and 0 <= j - c < w:
                made[:, i, j] = images[:, i - r, j - c]
    return made
