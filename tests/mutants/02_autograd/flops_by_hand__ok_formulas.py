# why: formulae in place of numbers
B, D, H, K = 32, 100, 50, 10
forward_first, forward_second = 2 * B * D * H, 2 * B * H * K
backward_first, backward_second = forward_first, 2 * forward_second
backward_over_forward = (backward_first + backward_second) / (forward_first + forward_second)
