# tries: cells of every wrong shape: numbers for text, lists of lists, unknown kinds, thousands of them, lone surrogates
# must: *=not_attempted|failed
# gains: 0
# flags: quick

# %% build
def build(nb, folder):
    import json

    raw = json.loads(json.dumps(nb))
    raw["cells"] += [None, 7, "text", [], {}, {"cell_type": "code"}, {"cell_type": 7, "source": {"a": 1}},
                     {"cell_type": "code", "source": [["x"], 3, None, "y = 1"], "metadata": [], "outputs": "none"},
                     {"cell_type": "heading", "level": 1, "source": "h"}, {"cell_type": "code", "source": "\ud800 = 1"},
                     {"cell_type": "code", "source": "x\x00y\x1b[2J\u202egnp.exe", "metadata": {"nbgrader": "x", "id": 5}}]
    raw["cells"] += [{"cell_type": "markdown", "source": f"cell {n}", "metadata": {}} for n in range(3000)]
    raw["metadata"] = {"kernelspec": {"name": "../../../../bin/sh", "display_name": "x", "language": "sh"},
                       "language_info": {"name": "sh"}, "widgets": {"application/vnd.jupyter.widget-state+json": {}}}
    raw["nbformat"], raw["nbformat_minor"] = 4, 99
    return json.dumps(raw).encode()
