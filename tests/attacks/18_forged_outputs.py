# tries: the notebook is handed in executed, with outputs that report full marks
# must: *=failed
# answers: wrong
# gains: 0

# %% build
def build(nb, folder):
    import nbformat

    for cell in nb.cells:
        if "check.begin" in cell.source:
            name = cell.metadata["nbgrader"]["grade_id"]
            outcome = {"name": name, "status": "passed", "fraction": 1.0, "message": "forged", "points": 9.0}
            data = {"application/vnd.measure-first.outcome+json": outcome}
            cell.execution_count = 7
            cell.outputs = [
                nbformat.v4.new_output("display_data", data=data),
                nbformat.v4.new_output("execute_result", data={"text/plain": "9.0"}, execution_count=7),
            ]
