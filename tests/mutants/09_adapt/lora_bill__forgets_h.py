# mistake: forgets that A·x is kept
# caught: check_lora_bill
# says: A's gradient needs x all the same
def lora_bill(tokens: int, d_in: int, d_out: int, r: int) -> dict[str, dict[str, int]]:
    """FLOPs and bytes of one layer in training, with all of it trained and with LoRA."""
    whole, thin = d_in * d_out, r * (d_in + d_out)
    full = {
        "flops": 6 * tokens * whole,
        "weights": 4 * whole,
        "gradients": 4 * whole,
        "states": 8 * whole,
        "kept": 4 * tokens * d_in,
    }
    lora = {
        "flops": 4 * tokens * whole + 6 * tokens * thin,
        "weights": 4 * (whole + thin),
        "gradients": 4 * thin,
        "states": 8 * thin,
        "kept": 4 * tokens * d_in,
    }
    return {"full": full, "lora": lora}
