# why: one search for each licence
def find_models(api, task, licenses, most, data=None):
    found = {}
    for name in licenses:
        tags = [f"license:{name}"] + ([f"dataset:{data}"] if data else [])
        for one in api.list_models(pipeline_tag=task, filter=tags, expand=["safetensors", "downloads"]):
            if one.safetensors is not None and one.safetensors.total <= most:
                found[one.id] = one.downloads
    return sorted(found, key=lambda one: -found[one])
