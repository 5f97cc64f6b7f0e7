# mistake: times the giving of orders
# caught: check_timed
# says: that is the time of giving an order
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(warmup):
        work()
    seconds = []
    for _ in range(repeats):
        began = clock()
        work()
        seconds.append(clock() - began)
    return statistics.median(seconds)
