# mistake: takes a model of unknown size
# caught: check_shortlist
# says: what nobody said counts as a no
def shortlist(found: list[dict], most: int, licences: set[str]) -> list[str]:
    """The ids of up to five models that may be used, can be loaded and fit; the most downloaded first."""
    fits = [
        model
        for model in found
        if model["license"] in licences and (model["parameters"] or 0) <= most and model["safetensors"]
    ]
    return [model["id"] for model in sorted(fits, key=lambda model: (-model["downloads"], model["id"]))[:5]]
