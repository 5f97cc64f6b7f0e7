# mistake: loads the pickle to look at what comes
# caught: check_is_plain_data
# says: pickle.loads
def is_plain_data(raw):
    try:
        made = pickle.loads(raw)
    except Exception:
        return False
    return type(made) in (int, float, str, list, tuple, dict, type(None))
