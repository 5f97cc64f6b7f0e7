# mistake: does not look at the licence
# caught: check_find_models
# says: license:apache-2.0
def find_models(api, task, licenses, most, data=None):
    tags = [f"dataset:{data}"] if data else None
    found = api.list_models(
        pipeline_tag=task, filter=tags, sort="downloads", expand=["tags", "safetensors", "downloads"]
    )
    return [model.id for model in found if model.safetensors and model.safetensors.total <= most]
