# mistake: a frozen weight changes nothing
# caught: check_kept_bytes
# says: who needs x, if nobody asks for dw
kept_bytes = {'x + y': 0, 'x * y': 131072, 'x.relu()': 65536, 'x.softmax(1)': 65536, 'x @ w': 196608,
              'x @ frozen w': 196608}
