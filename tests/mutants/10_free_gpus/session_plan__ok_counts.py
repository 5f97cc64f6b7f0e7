# why: by counting sessions
def session_plan(hours, limit, week, setup):
    useful = limit - setup
    if useful <= 0:
        raise ValueError("a session must be longer than its setup")
    left, sessions = hours, 0
    while left > 0:
        left -= useful
        sessions += 1
    charged = hours + setup * sessions
    weeks = int(charged // week) + (charged % week > 0)
    return {"weeks": weeks, "sessions": sessions, "charged": charged}
