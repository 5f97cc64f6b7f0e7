# mistake: counts one pilot's steps
# caught: check_pilot
# says: all pilots together
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = sum(run(rate, steps)[-5:]) / 5
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged")
    spent = steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
