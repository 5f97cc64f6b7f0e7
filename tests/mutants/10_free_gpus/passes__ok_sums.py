# why: as sums
passes = {
    "full": 1 + 2,
    "full, recomputed": 1 + 1 + 2,
    "lora": 1 + 1,
    "lora, recomputed": 1 + 1 + 1,
    "lora, top half": 1 + 1 / 2,
    "head": 1,
}
