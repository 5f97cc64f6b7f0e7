# mistake: counts gradients where nobody trains
# caught: check_bytes_each
# says: is there a gradient without training
bytes_each = {'sgd': 8, 'momentum': 12, 'adamw': 16, 'mixed': 16, '8-bit': 10, 'inference': 4}
