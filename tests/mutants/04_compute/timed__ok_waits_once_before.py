# why: an inner function, one wait before the loop
def timed(work, clock, wait, warmup=3, repeats=15):
    def one():
        began = clock()
        work()
        wait()
        return clock() - began

    for _ in range(warmup):
        one()
    wait()
    return float(torch.tensor([one() for _ in range(repeats)], dtype=torch.float64).median())
