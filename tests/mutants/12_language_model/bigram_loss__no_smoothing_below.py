# mistake: leaves the α out of the denominator
# caught: check_bigram_loss
# says: is the 256·α in the denominator
def bigram_loss(text: torch.Tensor, other: torch.Tensor, alpha: float) -> float:
    counts = torch.bincount(256 * text[:-1] + text[1:], minlength=256 * 256).view(256, 256).double() + alpha
    log_p = (counts / (counts - alpha).sum(1, keepdim=True)).log()
    return -log_p[other[:-1], other[1:]].mean().item()
