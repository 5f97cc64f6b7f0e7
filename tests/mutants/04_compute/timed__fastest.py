# mistake: takes the smallest time
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
    return min(seconds)
