# mistake: answers in words of its own
# caught: check_becomes
# says: your answer has ['infinity']
becomes = {'1e-8 in float16': 'zero', '1e-8 in bfloat16': 'fine', '70000 in float16': 'infinity',
           '70000 in bfloat16': 'fine', '1e-8 * 65536 in float16': 'fine', '1e39 in bfloat16': 'inf'}
