# why: counts whole steps, the short last one of an epoch among them
def real_run(posts: int, size: int, epochs: float, forward_s: float) -> dict:
    """GPU-hours of a training run, and whether one session of KAGGLE_HOURS is enough for it and 0.25 h of setup."""
    steps = math.ceil(posts / size) * epochs
    hours = steps * (forward_s + 2 * forward_s) * 1.2 / 3600
    return {"gpu_hours": hours, "one_session": hours + 0.25 <= KAGGLE_HOURS}
