# mistake: gives the ratio of one layer
# caught: check_flops_by_hand
# says: both backwards, divided by both forwards
forward_first = 320_000
forward_second = 32_000
backward_first = 320_000
backward_second = 64_000
backward_over_forward = 2.0
