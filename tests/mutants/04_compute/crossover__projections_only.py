# mistake: compares attention with the projections alone
# caught: check_crossover
# says: overtakes the projections alone
crossover = 2 * 768
