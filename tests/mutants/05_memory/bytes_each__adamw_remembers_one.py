# mistake: AdamW remembers one number
# caught: check_bytes_each
# says: two numbers more than plain SGD
bytes_each = {'sgd': 8, 'momentum': 12, 'adamw': 12, 'mixed': 16, '8-bit': 10, 'inference': 2}
