# mistake: counts one week, however many there are
# caught: check_choose
# says: three weeks are three times
def choose(job):
    hours = job["gpu_hours"]
    weeks = 1
    if job["private"]:
        return "own", "private"
    if job["gigabytes"] > T4_GB:
        return "paid", "hardware"
    if hours <= 0.1:
        return "own", "small"
    if job["attended"] and hours <= COLAB_HOURS:
        return "colab", "interactive"
    if hours <= (weeks * KAGGLE_WEEK if job["resumes"] else KAGGLE_HOURS):
        return "kaggle", "unattended"
    return "paid", "hours"
