# why: from PyTorch: cross-entropy of ten equal logits
first_loss = F.cross_entropy(torch.zeros(1, 10), torch.tensor([3]))
