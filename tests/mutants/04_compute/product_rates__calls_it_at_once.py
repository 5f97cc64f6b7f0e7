# mistake: passes the product, not a function that makes it
# caught: check_product_rates
# says: not callable
def product_rates(sizes, seconds_of):
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(2 * n**3 / seconds_of(a @ b))
    return rates
