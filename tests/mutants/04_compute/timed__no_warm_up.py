# mistake: measures the warm-up calls too
# caught: check_timed
# says: calls of work()
def timed(work, clock, wait, warmup=3, repeats=15):
    seconds = []
    for _ in range(repeats):
        wait()
        began = clock()
        work()
        wait()
        seconds.append(clock() - began)
    return statistics.median(seconds)
