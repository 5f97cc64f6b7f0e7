# why: einsum, and the mask from where()
def dense_grads(x, w, b, y):
    z = torch.einsum("bd,dk->bk", x, w) + b
    error = torch.where(z > 0, z, torch.zeros_like(z)) - y
    dz = torch.where(z > 0, error * (2.0 / error.numel()), torch.zeros_like(z))
    return torch.einsum("bk,dk->bd", dz, w), torch.einsum("bd,bk->dk", x, dz), torch.einsum("bk->k", dz)
