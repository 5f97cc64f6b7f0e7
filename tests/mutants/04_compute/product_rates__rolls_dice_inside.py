# mistake: makes the matrices inside the work
# caught: check_product_rates
# says: are the matrices made anew
def product_rates(sizes, seconds_of):
    return [2 * n**3 / seconds_of(lambda: torch.randn(n, n, device=device) @ torch.randn(n, n,
        device=device)) for n in sizes]
