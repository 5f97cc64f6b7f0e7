# mistake: believes that every backward is twice its forward
# caught: check_flops_by_hand
# says: which of the two products is not needed
forward_first = 320_000
forward_second = 32_000
backward_first = 640_000
backward_second = 64_000
backward_over_forward = 2.0
