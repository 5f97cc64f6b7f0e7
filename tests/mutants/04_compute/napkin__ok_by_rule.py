# why: by the FLOPs for each parameter and token
six = {"letters": 6, "books": 38, "words": 3.3, "top": 2.1, "bottom": 4, "recompute": 8}
napkin = {name: "too high" if n < 5.4 else "too low" if n > 6.6 else "about right" for name, n in six.items()}
