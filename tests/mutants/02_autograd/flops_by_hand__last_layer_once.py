# mistake: saves a product in the second layer as well
# caught: check_flops_by_hand
# says: how many products is that
forward_first = 320_000
forward_second = 32_000
backward_first = 320_000
backward_second = 32_000
backward_over_forward = 1.0
