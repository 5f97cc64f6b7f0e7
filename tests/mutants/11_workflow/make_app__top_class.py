# mistake: shows the first class only
# caught: check_make_app
# says: both classes
def make_app(classify):
    """A gr.Interface around classify(text) → {name: probability}: a post in, a label out. Not launched."""

    def answer(text):
        return classify(text.strip()) if text and text.strip() else "Write a post first."

    return gr.Interface(
        answer,
        gr.Textbox(lines=4, label="A post"),
        gr.Label(num_top_classes=1, label="What does the writer want?"),
        title="Advice or venting?",
        flagging_mode="never",
    )


visit = visitor(make_app)  # ours: starts your app, asks, stops it
