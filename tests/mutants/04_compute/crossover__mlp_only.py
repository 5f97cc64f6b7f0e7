# mistake: compares attention with the MLP alone
# caught: check_crossover
# says: overtakes the MLP alone
crossover = 3072
