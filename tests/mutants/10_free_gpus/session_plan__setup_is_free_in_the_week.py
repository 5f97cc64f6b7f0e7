# mistake: the setups do not count in the week
# caught: check_session_plan
# says: does the setup use up the week's hours
def session_plan(hours, limit, week, setup):
    if setup >= limit:
        raise ValueError("nothing is left of a session")
    sessions = math.ceil(hours / (limit - setup))
    charged = hours + sessions * setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(hours / week)}
