# mistake: returns the function without an app
# caught: check_make_app
# says: no Gradio app
def make_app(classify):
    """A gr.Interface around classify(text) → {name: probability}: a post in, a label out. Not launched."""

    def answer(text):
        return classify(text.strip()) if text and text.strip() else "Write a post first."

    return answer


visit = visitor(make_app)  # ours: starts your app, asks, stops it
