# mistake: starts the clock while older orders are still in the queue
# caught: check_timed__queue
# says: is the queue empty when the clock starts
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(warmup):
        work()
    seconds = []
    for _ in range(repeats):
        began = clock()
        work()
        wait()
        seconds.append(clock() - began)
    return statistics.median(seconds)
