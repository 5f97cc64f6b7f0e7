# why: torch.linalg.lstsq
def fit_steps(batches, seconds):
    b = torch.tensor(batches, dtype=torch.float64)
    a = torch.stack([torch.ones_like(b), b], dim=1)
    fixed, each = torch.linalg.lstsq(a, torch.tensor(seconds, dtype=torch.float64)[:, None]).solution[:, 0].tolist()
    return {"fixed": fixed, "each": each, "ceiling": 1 / each, "enough": 0.8 * fixed / (each * 0.2)}
