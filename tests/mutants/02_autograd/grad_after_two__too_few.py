# mistake: leaves out the weight that was not used
# caught: check_grad_after_two
# says: 2
grad_after_two = [5.0, 5.0]
