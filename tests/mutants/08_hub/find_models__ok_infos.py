# why: asks for each model by itself
def find_models(api, task, licenses, most, data=None):
    infos = [api.model_info(one.id) for one in api.list_models(filter=task)]
    fit = [
        one
        for one in infos
        if one.pipeline_tag == task and one.card_data.license in licenses and one.safetensors.total <= most
    ]
    if data is not None:
        fit = [one for one in fit if data in (one.card_data.datasets or [])]
    return [one.id for one in sorted(fit, key=lambda one: one.downloads, reverse=True)]
