# mistake: forgets the gradients
# caught: check_bytes_each
# says: weights and gradients, four bytes each
bytes_each = {'sgd': 4, 'momentum': 8, 'adamw': 12, 'mixed': 16, '8-bit': 10, 'inference': 2}
