# why: floats, rounded up at the second decimal
forward_first = 3.2e5
forward_second = 3.2e4
backward_first = 3.2e5
backward_second = 6.4e4
backward_over_forward = 1.091
