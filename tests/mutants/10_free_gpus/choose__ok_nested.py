# why: by a chain of expressions
def choose(job):
    budget = KAGGLE_HOURS
    if job["resumes"]:
        budget = KAGGLE_WEEK
        if job["days"] >= 14:
            budget *= job["days"] // 7
    rules = [
        (job["private"], "own", "private"),
        (not job["gigabytes"] <= T4_GB, "paid", "hardware"),
        (not job["gpu_hours"] > 0.1, "own", "small"),
        (job["attended"] and not job["gpu_hours"] > COLAB_HOURS, "colab", "interactive"),
        (not job["gpu_hours"] > budget, "kaggle", "unattended"),
        (True, "paid", "hours"),
    ]
    return next((platform, reason) for holds, platform, reason in rules if holds)
