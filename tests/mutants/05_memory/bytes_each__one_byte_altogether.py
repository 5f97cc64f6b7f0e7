# mistake: takes one of the two 8-bit states for three bytes
# caught: check_bytes_each
# says: two states of one byte
bytes_each = {'sgd': 8, 'momentum': 12, 'adamw': 16, 'mixed': 16, '8-bit': 12, 'inference': 2}
