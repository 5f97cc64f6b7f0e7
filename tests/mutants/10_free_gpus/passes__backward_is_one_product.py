# mistake: a backward pass is one product
# caught: check_passes
# says: one forward, and two products
passes = {
    "full": 2.0,
    "full, recomputed": 3.0,
    "lora": 2.0,
    "lora, recomputed": 3.0,
    "lora, top half": 1.5,
    "head": 1.0,
}
