# mistake: recomputing costs nothing
# caught: check_passes
# says: one forward pass more than without
passes = {
    "full": 3.0,
    "full, recomputed": 3.0,
    "lora": 2.0,
    "lora, recomputed": 2.0,
    "lora, top half": 1.5,
    "head": 1.0,
}
