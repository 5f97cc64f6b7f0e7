# mistake: three turns of a few words
# caught: check_lab_4
# says: words
lab_4_turns = [
    """A classifier for posts.""",
    """DistilBERT, fine-tuned.""",
    """Colab, one hour.""",
]
