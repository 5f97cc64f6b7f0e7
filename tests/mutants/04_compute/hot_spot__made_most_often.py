# mistake: takes the product with the letters for it
# caught: check_hot_spot
# says: is not right
hot_spot = "seen"
