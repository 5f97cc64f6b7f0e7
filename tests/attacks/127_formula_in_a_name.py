# tries: the student's folder is a formula, which a spreadsheet runs when the table is opened
# must: softmax_rows=failed total_bytes=failed *=not_attempted
# gains: 0
# student: =HYPERLINK("http:⁄⁄evil.example","score")
# flags: quick page

# %% exercise="softmax_rows"
def softmax_rows(x):
    raise type("=cmd|' -C calc'!A1", (ValueError,), {})("=1+1")

# %% exercise="total_bytes"
total_bytes = "=1+1\n=2+2\r@SUM(A1)"
