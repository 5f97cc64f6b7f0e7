# mistake: scores the text that was counted
# caught: check_bigram_loss
# says: your answer is
def bigram_loss(text: torch.Tensor, other: torch.Tensor, alpha: float) -> float:
    counts = torch.bincount(256 * text[:-1] + text[1:], minlength=256 * 256).view(256, 256).double() + alpha
    log_p = (counts / counts.sum(1, keepdim=True)).log()
    return -log_p[text[:-1], text[1:]].mean().item()
