# mistake: leaves out a model of exactly that size
# caught: check_find_models
# says: exactly `most` is allowed
def find_models(api, task, licenses, most, data=None):
    tags = [f"dataset:{data}"] if data else None
    found = api.list_models(
        pipeline_tag=task, filter=tags, sort="downloads", expand=["tags", "safetensors", "downloads"]
    )
    return [
        model.id
        for model in found
        if any(f"license:{name}" in model.tags for name in licenses)
        and model.safetensors
        and model.safetensors.total < most
    ]
