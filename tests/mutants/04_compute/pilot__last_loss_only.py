# mistake: looks at the last loss only
# caught: check_pilot
# says: the mean of the last five, not the last one
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = run(rate, steps)[-1]
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged")
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
