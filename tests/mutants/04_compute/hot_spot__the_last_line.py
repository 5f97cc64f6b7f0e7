# mistake: takes the last line for it
# caught: check_hot_spot
# says: is not right
hot_spot = "scores"
