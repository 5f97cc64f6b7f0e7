# why: by the FLOPs of each
per_letter = {"spread": 2 * 96 * 64 * 96, "seen": 2 * 96 * 96, "table @ question": 2 * 96 * 64, "scores": 2 * 96}
hot_spot = max(per_letter, key=per_letter.get)
