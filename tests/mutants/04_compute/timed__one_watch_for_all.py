# mistake: times all repeats together and divides
# caught: check_timed
# says: expected 0.002
def timed(work, clock, wait, warmup=3, repeats=15):
    for _ in range(warmup):
        work()
    wait()
    began = clock()
    for _ in range(repeats):
        work()
    wait()
    return (clock() - began) / repeats
