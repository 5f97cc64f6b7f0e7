# tries: scripts in written answers, Markdown cells, attachments and code, in every dialect that a converter knows
# must: softmax_rows=failed *=not_attempted
# gains: 0
# flags: quick page

# %% written="why"
# <script>document.title='owned-by-a-student'</script><img src="http://evil.example/owned-by-a-student">
# ![picture](http://evil.example/owned-by-a-student.png) [click](javascript:document.title='owned-by-a-student')
# <svg onload="document.title='owned-by-a-student'"></svg><details open ontoggle="document.title='owned-by-a-student'">
# <a href="data:text/html,<script>alert(1)</script>">x</a> <math><mi xlink:href="data:x"></mi></math>
# $$\href{javascript:document.title='owned-by-a-student'}{x}$$ ![a](attachment:a.svg) <style>*{display:none}</style>
# </div></body><iframe srcdoc="<script>parent.document.title='owned-by-a-student'</script>"></iframe>
# <!-- --!><script>document.title='owned-by-a-student'</script> -->
# <noscript><p title="</noscript><img src=x onerror=document.title='owned-by-a-student'>">

# %% exercise="softmax_rows"
def softmax_rows(x):
    """</pre><script>document.title='owned-by-a-student'</script>"""
    return x  # <!-- <img src="http://evil.example/owned-by-a-student"> -->

# %% build
def build(nb, folder):
    import base64

    import nbformat

    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='owned-by-a-student'\"/>"
    cell = nbformat.v4.new_markdown_cell("![a](attachment:a.svg) ![b](attachment:b.png)")
    cell.attachments = {"a.svg": {"image/svg+xml": svg, "image/png": base64.b64encode(svg.encode()).decode()},
                        "b.png": {"image/png": "x\" onerror=\"document.title='owned-by-a-student'"}}
    nb.cells.append(cell)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.attachments = {"a.svg": {"image/svg+xml": svg}, 'b" onload="x': {"image/png": "AAAA"}}
            cell.source += "\n\n![a](attachment:a.svg)"
    nb.metadata["title"] = "<script>document.title='owned-by-a-student'</script>"
    nb.metadata["authors"] = [{"name": "<img src=x onerror=document.title='owned-by-a-student'>"}]
