# mistake: gives what comes on top
# caught: check_rumour
# says: the factor, not what comes on top
overhead_for_8 = 8 / (9375 / 3600) - 1
overhead_for_9 = 9 / (9375 / 3600) - 1
