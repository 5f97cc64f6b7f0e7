# why: worked out on paper
digit_parameters = 26122
