# mistake: writes the numbers as text
# caught: check_flops_by_hand
# says: is every answer a number
forward_first = "320,000"
forward_second = 32_000
backward_first = 320_000
backward_second = 64_000
backward_over_forward = 1.09
