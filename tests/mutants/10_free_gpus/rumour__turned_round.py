# mistake: divides the wrong way round
# caught: check_rumour
# says: a factor on 2.6 hours
overhead_for_8 = 9375 / 3600 / 8
overhead_for_9 = 9375 / 3600 / 9
