# why: a named function and torch.mm
def product_rates(sizes, seconds_of):
    def rate(n):
        a, b = torch.rand(2, n, n, device=device)

        def work():
            return torch.mm(a, b)

        return 2.0 * n * n * n / seconds_of(work)

    return [rate(n) for n in sizes]
