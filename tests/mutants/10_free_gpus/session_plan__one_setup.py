# mistake: sets up once
# caught: check_session_plan
# says: each session pays for its own setup
def session_plan(hours, limit, week, setup):
    if setup >= limit:
        raise ValueError("nothing is left of a session")
    sessions = math.ceil(hours / (limit - setup))
    charged = hours + setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(charged / week)}
