# mistake: a product keeps one factor
# caught: check_kept_bytes
# says: the derivative for x is y
kept_bytes = {'x + y': 0, 'x * y': 65536, 'x.relu()': 65536, 'x.softmax(1)': 65536, 'x @ w': 196608,
              'x @ frozen w': 131072}
