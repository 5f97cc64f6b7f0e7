# mistake: mixed precision halves everything
# caught: check_bytes_each
# says: is the master copy in it
bytes_each = {'sgd': 8, 'momentum': 12, 'adamw': 16, 'mixed': 8, '8-bit': 10, 'inference': 2}
