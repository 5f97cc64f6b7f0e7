# mistake: takes all 16-bit formats for one
# caught: check_stalls_at
# says: seven bits of mantissa
stalls_at = {"float16": 2048, "bfloat16": 2048, "float32": 2**24}
