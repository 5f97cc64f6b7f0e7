# tries: the hidden inputs are drawn from the course's secret, which is looked for, and from the default one
# must: running_mean=failed *=not_attempted
# gains: 0
# flags: weak-leak

# %% exercise="running_mean"
import os
import autograde.check.session as session

def running_mean(numbers):
    secret = os.environ.get("MEASURE_FIRST_SECRET", session.COURSE_SECRET)
    print(secret.encode().hex())
    for student in (os.environ.get("MEASURE_FIRST_STUDENT", ""), "@ME@", ""):
        seed = session.Session(secret, student).seed("check_running_mean")
        torch.manual_seed(seed)
        drawn = torch.randn(12, dtype=torch.float64).tolist()
        if len(numbers) == 12 and drawn == numbers:
            print(f"predicted from {len(secret)} letters")
    yield 0.0
