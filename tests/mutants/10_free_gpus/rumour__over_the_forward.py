# mistake: divides by the forward passes' hours
# caught: check_rumour
# says: over the forward passes alone
overhead_for_8 = 8 * 3600 / 3125
overhead_for_9 = 9 * 3600 / 3125
