# mistake: lets a run that cannot resume use the whole week
# caught: check_choose
# says: it cannot go on: one session must do
def choose(job):
    hours = job["gpu_hours"]
    weeks = max(1, job["days"] // 7)
    if job["private"]:
        return "own", "private"
    if job["gigabytes"] > T4_GB:
        return "paid", "hardware"
    if hours <= 0.1:
        return "own", "small"
    if job["attended"] and hours <= COLAB_HOURS:
        return "colab", "interactive"
    if hours <= weeks * KAGGLE_WEEK:
        return "kaggle", "unattended"
    return "paid", "hours"
