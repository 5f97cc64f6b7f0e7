# mistake: takes the lowest loss that was ever seen
# caught: check_pilot
# says: is NaN out
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = min(run(rate, steps))
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged")
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
