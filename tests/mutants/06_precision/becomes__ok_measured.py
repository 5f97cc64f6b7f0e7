# why: measures
def fate(value, dtype):
    got = torch.tensor(value, dtype=torch.float64).to(dtype).item()
    return "zero" if got == 0 else "inf" if math.isinf(got) else "fine"

becomes = {f"{name} in {dtype}": fate(value, getattr(torch, dtype)) for name, value, dtype in (
    ("1e-8", 1e-8, "float16"), ("1e-8", 1e-8, "bfloat16"), ("70000", 7e4, "float16"),
    ("70000", 7e4, "bfloat16"), ("1e-8 * 65536", 1e-8 * 65536, "float16"), ("1e39", 1e39, "bfloat16"))}
