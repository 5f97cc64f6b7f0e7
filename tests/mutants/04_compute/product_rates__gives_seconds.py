# mistake: returns the seconds
# caught: check_product_rates
# says: expected
def product_rates(sizes, seconds_of):
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(seconds_of(lambda: a @ b))
    return rates
