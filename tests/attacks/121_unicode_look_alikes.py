# tries: names that look like the lesson's, in other alphabets and widths, and text that shows in another order
# must: sizes=partly|failed|not_attempted softmax_rows=failed|not_attempted *=not_attempted
# gains: 0

# %% exercise="sizes"
ѕizes = {"float64": 8, "float32": 4, "bfloat16": 2, "int8": 1}  # the first letter is Cyrillic
sizes = {"float６４": 8, "ﬂoat32": 4, "bfloat16\u200b": 2, "іnt8": 1}

# %% exercise="softmax_rows"
def ſoftmax_rows_(x):
    return x
сheck = check
ｄｅｆ_ = 0
def softmax_rows(x, *, check=сheck):
    """\u202e:esrever ni\u202c"""
    return x
