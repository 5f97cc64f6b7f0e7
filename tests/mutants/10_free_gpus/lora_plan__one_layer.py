# mistake: adapters in one layer
# caught: check_lora_plan
# says: adapters stand in every layer
def lora_plan(model, rank, batch, tokens):
    trained = sum(rank * (a + b) for a, b in model["matrices"])
    rows = batch * tokens
    return {
        "weights": 2 * model["parameters"],
        "adapters": 4 * trained,
        "gradients": 4 * trained,
        "optimizer": 8 * trained,
        "activations": (model["layers"] + 20) * rows * model["width"] * 2,
        "logits": 3 * rows * model["vocabulary"] * 4,
    }
