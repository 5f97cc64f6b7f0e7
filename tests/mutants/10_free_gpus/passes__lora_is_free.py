# mistake: takes LoRA for free, because one per cent is trained
# caught: check_passes
# says: the gradient must get down to the lowest adapter
passes = {
    "full": 3.0,
    "full, recomputed": 4.0,
    "lora": 1.01,
    "lora, recomputed": 2.01,
    "lora, top half": 1.01,
    "head": 1.0,
}
