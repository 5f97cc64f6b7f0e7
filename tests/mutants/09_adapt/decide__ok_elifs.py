# why: as one chain
def decide(job):
    whole = job["tokens_in"] + job["document_tokens"]
    month = job["calls"] * (whole * IN_PRICE + job["tokens_out"] * OUT_PRICE)
    if job["target"] <= job["rule"]:
        return ("rule", "enough")
    elif job["document_tokens"] and whole <= job["reads"] and month <= job["dollars"]:
        return ("prompt", "fits")
    elif job["document_tokens"]:
        return ("retrieve", "documents")
    elif job["prompted"] >= job["target"] and month <= job["dollars"]:
        return ("prompt", "works")
    elif job["examples"] < 300:
        return ("prompt", "collect")
    return ("fine-tune", "examples")
