# mistake: forgets the 1 before the mantissa
# caught: check_stalls_at
# says: the 1 before them
stalls_at = {"float16": 2**10, "bfloat16": 2**7, "float32": 2**23}
