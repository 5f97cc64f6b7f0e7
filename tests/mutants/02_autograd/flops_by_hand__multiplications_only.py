# mistake: counts the multiplications and not the additions
# caught: check_flops_by_hand
# says: multiplications and the additions
forward_first = 160_000
forward_second = 16_000
backward_first = 160_000
backward_second = 32_000
backward_over_forward = 1.09
