# mistake: forgets the forward pass
# caught: check_passes
# says: one forward, and two products
passes = {
    "full": 2.0,
    "full, recomputed": 3.0,
    "lora": 1.0,
    "lora, recomputed": 2.0,
    "lora, top half": 0.5,
    "head": 0.0,
}
