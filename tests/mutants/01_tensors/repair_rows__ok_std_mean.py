# why: std_mean, last axis
# exercise: repair_rows
def standardise_rows(x):
    std, mean = torch.std_mean(x, dim=-1, keepdim=True)
    return (x - mean) / std
