# mistake: writes into the input
# caught: check_shifted
# says: is the input written to
def shifted(images, rows, columns):
    for n, (r, c) in enumerate(zip(rows, columns)):
        old = images[n].clone()
        images[n] = 0
        h, w = old.shape
        for i in range(h):
            for j in range(w):
                if 0 <= i - r < h and 0 <= j - c < w:
                    images[n, i, j] = old[i - r, j - c]
    return images
