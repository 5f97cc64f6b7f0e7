# why: a list that is sorted, and one loop for both
def timed(work, clock, wait, warmup=3, repeats=15):
    seconds = []
    for n in range(warmup + repeats):
        wait()
        began = clock()
        work()
        wait()
        if n >= warmup:
            seconds.append(clock() - began)
    seconds.sort()
    middle = len(seconds) // 2
    return seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
