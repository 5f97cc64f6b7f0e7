# mistake: takes attention for one product
# caught: check_crossover
# says: is attention two products
crossover = 9216
