# mistake: two sessions of 12 hours are 24 hours of training
# caught: check_session_plan
# says: not 24 hours of training
def session_plan(hours, limit, week, setup):
    if setup >= limit:
        raise ValueError("nothing is left of a session")
    sessions = math.ceil(hours / limit)
    charged = hours + sessions * setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(charged / week)}
