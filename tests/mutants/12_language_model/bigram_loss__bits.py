# mistake: takes the logarithm to the base 2
# caught: check_bigram_loss
# says: log to the base 2
def bigram_loss(text: torch.Tensor, other: torch.Tensor, alpha: float) -> float:
    counts = torch.bincount(256 * text[:-1] + text[1:], minlength=256 * 256).view(256, 256).double() + alpha
    log_p = (counts / counts.sum(1, keepdim=True)).log2()
    return -log_p[other[:-1], other[1:]].mean().item()
