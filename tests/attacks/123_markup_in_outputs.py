# tries: scripts, frames, forms and pictures in everything that a cell can put out, for whoever opens the page
# must: *=not_attempted
# gains: 0
# flags: quick page

# %% own
import sys
from IPython.display import HTML, Javascript, SVG, Markdown, Latex, display

run = "document.title='owned-by-a-student';document.body.setAttribute('data-owned','owned-by-a-student')"
url = "http://evil.example/owned-by-a-student"
display(HTML(f"<script>{run}</script><img src=x onerror=\"{run}\"><iframe src='{url}'></iframe>"))
display(HTML(f"<meta http-equiv=refresh content='0;url={url}'><base href='{url}'><link rel=stylesheet href='{url}'>"))
display(HTML(f"<form action='{url}'><input autofocus onfocus=\"{run}\"></form><style>@import '{url}';</style>"))
display(Javascript(run))
display(SVG(data=f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{run}\"><image href='{url}'/></svg>"))
display(Markdown(f"![x]({url}) <script>{run}</script> [a](javascript:{run})"))
display(Latex(f"$\\href{{javascript:{run}}}{{x}}$ </script><script>{run}</script>"))
print(f"</pre><script>{run}</script>\x1b]8;;{url}\x07link\x1b]8;;\x07\x1b[31m<img src={url}>")
print(f"</pre><script>{run}</script>", file=sys.stderr)
display({"text/html": f"<script>{run}</script>", "text/plain": f"<script>{run}</script>",
         "image/png": f"x' onerror='{run}", "image/svg+xml": f"<svg onload=\"{run}\"/>",
         "application/json": {"a": f"</script><script>{run}</script>"},
         "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{run}</script>"}}, raw=True)
