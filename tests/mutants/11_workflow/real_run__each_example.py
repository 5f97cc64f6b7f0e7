# mistake: takes the time of a batch for that of a post
# caught: check_real_run
# says: the time of a batch
def real_run(posts: int, size: int, epochs: float, forward_s: float) -> dict:
    """GPU-hours of a training run, and whether one session of KAGGLE_HOURS is enough for it and 0.25 h of setup."""
    hours = posts * epochs * 3 * forward_s * 1.2 / 3600
    return {"gpu_hours": hours, "one_session": hours + 0.25 <= KAGGLE_HOURS}
