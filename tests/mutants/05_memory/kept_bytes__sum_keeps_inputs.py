# mistake: a sum keeps its two inputs
# caught: check_kept_bytes
# says: what is the derivative of a sum
kept_bytes = {'x + y': 131072, 'x * y': 131072, 'x.relu()': 65536, 'x.softmax(1)': 65536, 'x @ w': 196608,
              'x @ frozen w': 131072}
