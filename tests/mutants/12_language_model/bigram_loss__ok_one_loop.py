# why: one row at a time
def bigram_loss(text, other, alpha):
    total = 0.0
    for a in range(256):
        row = torch.bincount(text[1:][text[:-1] == a], minlength=256).double() + alpha
        total -= (row / row.sum()).log()[other[1:][other[:-1] == a]].sum().item()
    return total / (len(other) - 1)
