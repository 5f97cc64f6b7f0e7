# mistake: names an operator
# caught: check_hot_spot
# says: another word
hot_spot = "aten::mm"
