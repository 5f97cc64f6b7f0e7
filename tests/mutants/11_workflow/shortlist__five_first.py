# mistake: cuts to five before it sorts
# caught: check_shortlist
# says: forty models
def shortlist(found: list[dict], most: int, licences: set[str]) -> list[str]:
    """The ids of up to five models that may be used, can be loaded and fit; the most downloaded first."""
    fits = [
        model
        for model in found
        if model["license"] in licences
        and model["parameters"] is not None
        and model["parameters"] <= most
        and model["safetensors"]
    ]
    return [model["id"] for model in sorted(fits[:5], key=lambda model: (-model["downloads"], model["id"]))]
