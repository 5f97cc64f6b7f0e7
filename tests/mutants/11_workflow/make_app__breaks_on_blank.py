# mistake: breaks on a blank text
# caught: check_make_app
# says: should not be asked
def make_app(classify):
    """A gr.Interface around classify(text) → {name: probability}: a post in, a label out. Not launched."""

    def answer(text):
        return classify(text.strip())

    return gr.Interface(
        answer,
        gr.Textbox(lines=4, label="A post"),
        gr.Label(num_top_classes=2, label="What does the writer want?"),
        title="Advice or venting?",
        flagging_mode="never",
    )


visit = visitor(make_app)  # ours: starts your app, asks, stops it
