# mistake: takes a setup as long as a session
# caught: check_session_plan
# says: expected a ValueError
def session_plan(hours, limit, week, setup):
    if setup > limit:
        raise ValueError("nothing is left of a session")
    sessions = math.ceil(hours / (limit - setup))
    charged = hours + sessions * setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(charged / week)}
