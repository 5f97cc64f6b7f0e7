# why: as sums of products
def lora_bill(tokens, d_in, d_out, r):
    def product(m, k, n):
        return 2 * m * k * n

    def layer(a, b, frozen=False):
        forward, for_x, for_w = product(tokens, a, b), product(tokens, b, a), product(b, tokens, a)
        return forward + for_x + (0 if frozen else for_w)

    trained = r * d_in + d_out * r
    return {
        "full": {
            "flops": layer(d_in, d_out),
            "weights": d_in * d_out * 4,
            "gradients": d_in * d_out * 4,
            "states": d_in * d_out * 4 * 2,
            "kept": tokens * d_in * 4,
        },
        "lora": {
            "flops": layer(d_in, d_out, True) + layer(d_in, r) + layer(r, d_out),
            "weights": 4 * (d_in * d_out + trained),
            "gradients": 4 * trained,
            "states": 4 * trained * 2,
            "kept": 4 * tokens * d_in + 4 * tokens * r,
        },
    }
