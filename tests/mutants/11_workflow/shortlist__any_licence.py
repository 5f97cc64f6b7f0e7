# mistake: never asks for the licence
# caught: check_shortlist
# says: expected
def shortlist(found: list[dict], most: int, licences: set[str]) -> list[str]:
    """The ids of up to five models that may be used, can be loaded and fit; the most downloaded first."""
    fits = [
        model
        for model in found
        if model["parameters"] is not None and model["parameters"] <= most and model["safetensors"]
    ]
    return [model["id"] for model in sorted(fits, key=lambda model: (-model["downloads"], model["id"]))[:5]]
