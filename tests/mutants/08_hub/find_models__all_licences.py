# mistake: wants all licences at once
# caught: check_find_models
# says: one of the licences is enough
def find_models(api, task, licenses, most, data=None):
    tags = [f"dataset:{data}"] if data else None
    found = api.list_models(
        pipeline_tag=task, filter=tags, sort="downloads", expand=["tags", "safetensors", "downloads"]
    )
    return [
        model.id
        for model in found
        if all(f"license:{name}" in model.tags for name in licenses)
        and model.safetensors
        and model.safetensors.total <= most
    ]
