# mistake: always one session more
# caught: check_session_plan
# says: your answer
def session_plan(hours, limit, week, setup):
    if setup >= limit:
        raise ValueError("nothing is left of a session")
    sessions = int(hours // (limit - setup)) + 1
    charged = hours + sessions * setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(charged / week)}
