# mistake: sends everything attended to Colab
# caught: check_choose
# says: too long for one session of Colab
def choose(job):
    hours = job["gpu_hours"]
    weeks = max(1, job["days"] // 7)
    if job["private"]:
        return "own", "private"
    if job["gigabytes"] > T4_GB:
        return "paid", "hardware"
    if hours <= 0.1:
        return "own", "small"
    if job["attended"] and hours <= 1000 + COLAB_HOURS:
        return "colab", "interactive"
    if hours <= (weeks * KAGGLE_WEEK if job["resumes"] else KAGGLE_HOURS):
        return "kaggle", "unattended"
    return "paid", "hours"
