# mistake: multiplies element by element
# caught: check_product_rates
# says: expected 2048
def product_rates(sizes, seconds_of):
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(2 * n**2 / seconds_of(lambda: a * b))
    return rates
