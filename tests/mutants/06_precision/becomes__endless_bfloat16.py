# mistake: gives bfloat16 no end
# caught: check_becomes
# says: what is the largest float32
becomes = {'1e-8 in float16': 'zero', '1e-8 in bfloat16': 'fine', '70000 in float16': 'inf',
           '70000 in bfloat16': 'fine', '1e-8 * 65536 in float16': 'fine', '1e39 in bfloat16': 'fine'}
