# why: computed from the two errors
grad_after_two = [1 * 1 + 2 * 2, 1 * 2 + 2 * 0, 1 * 3 + 2 * 1]
