# mistake: lets min meet NaN
# caught: check_pilot
# says: is NaN out
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = sum(run(rate, steps)[-5:]) / 5
        if True:
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged")
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
