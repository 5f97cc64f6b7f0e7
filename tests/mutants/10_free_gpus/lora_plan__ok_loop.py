# why: layer by layer
def lora_plan(model, rank, batch, tokens):
    trained = 0
    for _ in range(model["layers"]):
        for inputs, outputs in model["matrices"]:
            trained += inputs * rank + rank * outputs
    one_row = batch * tokens * model["width"] * 2
    plan = {"weights": model["parameters"] * 2, "logits": 12 * batch * tokens * model["vocabulary"]}
    plan |= {"adapters": trained * 4, "gradients": trained * 4, "optimizer": trained * 4 * 2}
    plan["activations"] = sum(one_row for _ in range(model["layers"])) + 20 * one_row
    return plan
