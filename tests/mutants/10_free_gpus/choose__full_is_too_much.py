# mistake: a session that is exactly full does not fit
# caught: check_choose
# says: exactly full fits
def choose(job):
    hours = job["gpu_hours"]
    weeks = max(1, job["days"] // 7)
    if job["private"]:
        return "own", "private"
    if job["gigabytes"] > T4_GB:
        return "paid", "hardware"
    if hours <= 0.1:
        return "own", "small"
    if job["attended"] and hours < COLAB_HOURS:
        return "colab", "interactive"
    if hours <= (weeks * KAGGLE_WEEK if job["resumes"] else KAGGLE_HOURS):
        return "kaggle", "unattended"
    return "paid", "hours"
