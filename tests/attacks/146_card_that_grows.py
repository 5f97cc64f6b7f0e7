# tries: a model card whose metadata is a page of lists of lists that name each other: a text of a kilobyte that is longer than any memory
#   where it is written out; and a heading of blanks for a pattern that goes back and forth over it
# must: write_card=failed|timeout|out_of_memory *=not_attempted
# gains: 0
# lesson: 11_workflow
# flags: bomb

# %% exercise="write_card"
def write_card(numbers):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    meta = "\n".join([*rows, "license: mit", "language: *a11", "base_model: *a11", "pipeline_tag: text-classification", "datasets: *a11", "metrics: *a11"])
    return f"---\n{meta}\n---\n\n## Intended use\nx\n## Limits\nx\n## Numbers\nx\n## x" + " " * 20_000 + "x"
