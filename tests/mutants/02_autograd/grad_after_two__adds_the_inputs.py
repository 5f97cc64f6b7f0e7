# mistake: forgets that the second error was 2
# caught: check_grad_after_two
# says: how large was the error of the second order
grad_after_two = [3.0, 2.0, 4.0]
