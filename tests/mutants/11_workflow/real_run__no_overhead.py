# mistake: forgets the overhead
# caught: check_real_run
# says: and the overhead
def real_run(posts: int, size: int, epochs: float, forward_s: float) -> dict:
    """GPU-hours of a training run, and whether one session of KAGGLE_HOURS is enough for it and 0.25 h of setup."""
    hours = posts * epochs / size * 3 * forward_s / 3600
    return {"gpu_hours": hours, "one_session": hours + 0.25 <= KAGGLE_HOURS}
