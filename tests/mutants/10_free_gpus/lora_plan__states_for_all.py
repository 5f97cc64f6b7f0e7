# mistake: gradients and states for frozen weights
# caught: check_lora_plan
# says: frozen weights have no gradient and no state
def lora_plan(model, rank, batch, tokens):
    trained = model["layers"] * sum(rank * (a + b) for a, b in model["matrices"])
    rows = batch * tokens
    return {
        "weights": 2 * model["parameters"],
        "adapters": 4 * trained,
        "gradients": 4 * model["parameters"],
        "optimizer": 8 * model["parameters"],
        "activations": (model["layers"] + 20) * rows * model["width"] * 2,
        "logits": 3 * rows * model["vocabulary"] * 4,
    }
