# why: pairs of score and rate, sorted
def pilot(run, rates, steps, long_steps):
    tried = [(statistics.fmean(run(rate, steps)[-5:]), rate) for rate in rates]
    tried = sorted(pair for pair in tried if not (math.isnan(pair[0]) or math.isinf(pair[0])))
    if not tried:
        raise ValueError
    return {"rate": tried[0][1], "share": 1 / (1 + long_steps / (steps * len(rates)))}
