# mistake: takes what is easiest to move for it
# caught: check_hot_spot
# says: is not right
hot_spot = "table @ question"
