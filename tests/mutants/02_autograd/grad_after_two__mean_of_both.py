# mistake: thinks that backward() averages
# caught: check_grad_after_two
# says: does backward() average, or add
grad_after_two = [2.5, 1.0, 2.5]
