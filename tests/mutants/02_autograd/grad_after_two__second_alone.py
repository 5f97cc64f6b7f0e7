# mistake: thinks that backward() sets .grad
# caught: check_grad_after_two
# says: does backward() set .grad, or add to it
grad_after_two = [4.0, 0.0, 2.0]
