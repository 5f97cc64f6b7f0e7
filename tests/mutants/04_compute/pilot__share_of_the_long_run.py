# mistake: compares with the long run alone
# caught: check_pilot
# says: the pilots' own included
def pilot(run, rates, steps, long_steps):
    scores = {}
    for rate in rates:
        score = sum(run(rate, steps)[-5:]) / 5
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged")
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / long_steps}
