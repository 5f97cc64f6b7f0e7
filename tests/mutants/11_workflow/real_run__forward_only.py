# mistake: counts the forward pass alone
# caught: check_real_run
# says: three passes
def real_run(posts: int, size: int, epochs: float, forward_s: float) -> dict:
    """GPU-hours of a training run, and whether one session of KAGGLE_HOURS is enough for it and 0.25 h of setup."""
    hours = posts * epochs / size * forward_s * 1.2 / 3600
    return {"gpu_hours": hours, "one_session": hours + 0.25 <= KAGGLE_HOURS}
