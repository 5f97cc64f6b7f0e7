# mistake: a matrix product keeps its weight only
# caught: check_kept_bytes
# says: dx needs w, and dw needs x
kept_bytes = {'x + y': 0, 'x * y': 131072, 'x.relu()': 65536, 'x.softmax(1)': 65536, 'x @ w': 131072,
              'x @ frozen w': 131072}
