# mistake: answers with the largest number
# caught: check_stalls_at
# says: up to which number can they count
stalls_at = {"float16": 65504, "bfloat16": 3.4e14, "float32": 3.4e14}
