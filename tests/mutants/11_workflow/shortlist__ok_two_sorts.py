# why: sorts twice
def shortlist(found, most, licences):
    kept = []
    for model in sorted(found, key=lambda model: model["id"]):
        if not model["safetensors"] or model["parameters"] is None:
            continue
        if model["parameters"] > most or model["license"] not in licences:
            continue
        kept.append(model)
    kept.sort(key=lambda model: model["downloads"], reverse=True)
    return [model["id"] for model in kept][:5]
