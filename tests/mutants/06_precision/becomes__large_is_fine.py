# mistake: takes 70000 for nothing special
# caught: check_becomes
# says: what is the largest float16
becomes = {'1e-8 in float16': 'zero', '1e-8 in bfloat16': 'fine', '70000 in float16': 'fine',
           '70000 in bfloat16': 'fine', '1e-8 * 65536 in float16': 'fine', '1e39 in bfloat16': 'inf'}
