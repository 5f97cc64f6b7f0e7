# mistake: shows the classes the wrong way round
# caught: check_make_app
# says: the likelier class
def make_app(classify):
    """A gr.Interface around classify(text) → {name: probability}: a post in, a label out. Not launched."""

    def answer(text):
        return (
            dict(zip(*(lambda found: (list(found), list(found.values())[::-1]))(classify(text.strip()))))
            if text and text.strip()
            else "Write a post first."
        )

    return gr.Interface(
        answer,
        gr.Textbox(lines=4, label="A post"),
        gr.Label(num_top_classes=2, label="What does the writer want?"),
        title="Advice or venting?",
        flagging_mode="never",
    )


visit = visitor(make_app)  # ours: starts your app, asks, stops it
