# why: compares two aranges; where and exp by hand
# exercise: causal
def causal_mask(length):
    places = torch.arange(length)
    return places[None, :] <= places[:, None]


def causal_weights(scores):
    mask = causal_mask(scores.shape[-1])
    hidden = torch.where(mask, scores, torch.tensor(float("-inf")))
    odds = (hidden - hidden.max(dim=-1, keepdim=True).values).exp()
    return odds / odds.sum(dim=-1, keepdim=True)
