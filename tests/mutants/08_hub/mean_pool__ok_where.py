# why: torch.where and einsum
def mean_pool(states, mask):
    keep = mask.bool().unsqueeze(-1)
    total = torch.where(keep, states, torch.zeros_like(states)).sum(dim=1)
    return total / torch.clamp(mask.sum(dim=1), min=1).unsqueeze(-1).to(states.dtype)
