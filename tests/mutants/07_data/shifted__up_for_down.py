# mistake: moves up and left
# caught: check_shifted
# says: is that up, not down
def shifted(images, rows, columns):
    made = torch.zeros_like(images)
    h, w = images.shape[1:]
    for n, (r, c) in enumerate(zip(rows, columns)):
        for i in range(h):
            for j in range(w):
                if 0 <= i + r < h and 0 <= j + c < w:
                    made[n, i, j] = images[n, i + r, j + c]
    return made
