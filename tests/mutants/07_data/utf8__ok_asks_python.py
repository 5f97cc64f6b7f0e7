# why: asks Python
utf8 = {text: len(text.encode("utf-8")) for text in ("tala", "fāgogo", "“E”", "日本", "🙂!")}
