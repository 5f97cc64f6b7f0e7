# mistake: asks for no sizes, and finds none
# caught: check_find_models
# says: without expand= there is no safetensors
def find_models(api, task, licenses, most, data=None):
    tags = [f"dataset:{data}"] if data else None
    found = api.list_models(pipeline_tag=task, filter=tags, sort="downloads")
    return [
        model.id
        for model in found
        if any(f"license:{name}" in model.tags for name in licenses)
        and model.safetensors
        and model.safetensors.total <= most
    ]
