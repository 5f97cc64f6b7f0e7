# mistake: takes 1e-8 for nothing special
# caught: check_becomes
# says: the smallest float16 is 2^-24
becomes = {'1e-8 in float16': 'fine', '1e-8 in bfloat16': 'fine', '70000 in float16': 'inf',
           '70000 in bfloat16': 'fine', '1e-8 * 65536 in float16': 'fine', '1e39 in bfloat16': 'inf'}
