# mistake: takes bfloat16 for float16
# caught: check_becomes
# says: how many exponent bits has bfloat16
becomes = {'1e-8 in float16': 'zero', '1e-8 in bfloat16': 'zero', '70000 in float16': 'inf',
           '70000 in bfloat16': 'inf', '1e-8 * 65536 in float16': 'fine', '1e39 in bfloat16': 'inf'}
