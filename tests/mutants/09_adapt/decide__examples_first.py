# mistake: fine-tunes whenever there are examples
# caught: check_decide
# says: documents come before examples
def decide(job: dict) -> tuple[str, str]:
    """(tool, reason) for a job with the entries of USUAL. Prices: IN_PRICE and OUT_PRICE, dollars a token."""

    def affordable(tokens_in):
        return job["calls"] * (tokens_in * IN_PRICE + job["tokens_out"] * OUT_PRICE) <= job["dollars"]

    if job["rule"] >= job["target"]:
        return "rule", "enough"
    if job["examples"] >= 300:
        return "fine-tune", "examples"
    if job["document_tokens"] > 0:
        everything = job["tokens_in"] + job["document_tokens"]
        return (
            ("prompt", "fits") if everything <= job["reads"] and affordable(everything) else ("retrieve", "documents")
        )
    if job["prompted"] >= job["target"] and affordable(job["tokens_in"]):
        return "prompt", "works"
    return ("fine-tune", "examples") if job["examples"] >= 300 else ("prompt", "collect")
