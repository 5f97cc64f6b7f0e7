# mistake: takes the mean
# caught: check_timed
# says: expected 0.002
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(warmup):
        work()
    wait()
    seconds = []
    for _ in range(repeats):
        began = clock()
        work()
        wait()
        seconds.append(clock() - began)
    return sum(seconds) / len(seconds)
