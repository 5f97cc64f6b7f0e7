# mistake: looks at the clock first and waits then
# caught: check_timed
# says: that is the time of giving an order
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(warmup):
        work()
    seconds = []
    for _ in range(repeats):
        wait()
        began = clock()
        work()
        seconds.append(clock() - began)
        wait()
    return statistics.median(seconds)
