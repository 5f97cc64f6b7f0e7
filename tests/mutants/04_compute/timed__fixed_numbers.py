# mistake: always warms up three times
# caught: check_timed
# says: are warmup and repeats used as they are given
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(3):
        work()
    seconds = []
    for _ in range(repeats):
        wait()
        began = clock()
        work()
        wait()
        seconds.append(clock() - began)
    return statistics.median(seconds)
