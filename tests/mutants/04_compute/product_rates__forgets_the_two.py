# mistake: n³ FLOPs
# caught: check_product_rates
# says: two FLOPs for each pair
def product_rates(sizes, seconds_of):
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(n**3 / seconds_of(lambda: a @ b))
    return rates
