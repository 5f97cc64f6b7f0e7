# mistake: multiplies by the seconds
# caught: check_product_rates
# says: is it FLOPs divided by seconds
def product_rates(sizes, seconds_of):
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(2 * n**3 * seconds_of(lambda: a @ b))
    return rates
