# mistake: counts every a, the last one too
# caught: check_bigram_loss
# says: count(a, ·) counts the pairs that begin with a
def bigram_loss(text: torch.Tensor, other: torch.Tensor, alpha: float) -> float:
    letters = torch.bincount(text, minlength=256).double() + 256 * alpha
    counts = torch.bincount(256 * text[:-1] + text[1:], minlength=256 * 256).view(256, 256).double() + alpha
    log_p = (counts / letters[:, None]).log()
    return -log_p[other[:-1], other[1:]].mean().item()
