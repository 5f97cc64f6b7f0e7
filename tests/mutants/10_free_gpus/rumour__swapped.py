# mistake: swaps the two
# caught: check_rumour
# says: which of the two is the larger one
overhead_for_8 = 9 * 3600 / 9375
overhead_for_9 = 8 * 3600 / 9375
