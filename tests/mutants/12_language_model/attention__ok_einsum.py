# why: by einsum, with an additive mask
class Attention(nn.Module):

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width, bias=False) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, tokens, width = x.shape
        query, key, value = (
            layer(x).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        query, key = rotate(query), rotate(key)
        scores = torch.einsum("bhqd,bhkd->bhqk", query, key) / (width // self.heads) ** 0.5
        scores = scores + torch.full((tokens, tokens), -math.inf, device=x.device).triu(1)
        mixed = torch.einsum("bhqk,bhkd->bhqd", scores.softmax(-1), value)
        return self.output(mixed.transpose(1, 2).reshape(batch, tokens, width))
