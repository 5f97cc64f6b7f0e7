# mistake: answers with the width
# caught: check_crossover
# says: is not right
crossover = 768
