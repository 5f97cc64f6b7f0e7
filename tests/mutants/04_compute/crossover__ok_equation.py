# why: solves the equation by numbers
crossover = (8 * 768**2 + 4 * 768 * 3072) / (4 * 768)
