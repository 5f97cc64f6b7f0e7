# mistake: takes the smallest rate when all diverge
# caught: check_pilot
# says: ValueError
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = sum(run(rate, steps)[-5:]) / 5
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        scores[min(rates)] = 0.0
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
