# why: with gr.Blocks and a button
def make_app(classify):
    """A gr.Interface around classify(text) → {name: probability}: a post in, a label out. Not launched."""

    def answer(text):
        return classify(text.strip()) if text and text.strip() else "Write a post first."

    with gr.Blocks(title="Advice or venting?") as app:
        box, shown = gr.Textbox(label="Post"), gr.Label()
        gr.Button("Ask").click(answer, box, shown, api_name="predict")
    return app


visit = visitor(make_app)  # ours: starts your app, asks, stops it
