# why: with the estimator of the course
def real_run(posts: int, size: int, epochs: float, forward_s: float) -> dict:
    """GPU-hours of a training run, and whether one session of KAGGLE_HOURS is enough for it and 0.25 h of setup."""
    hours = lesson.gpu_hours(posts, size, epochs, forward_s, overhead=1.2)
    return {"gpu_hours": hours, "one_session": hours + 0.25 <= KAGGLE_HOURS}
