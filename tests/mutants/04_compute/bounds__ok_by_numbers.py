# why: by intensity
per_byte = {"add": 1 / 6, "large product": 4096 / 3, "small product": 256 / 3, "one row": 1,
            "many rows": 683, "softmax": 1.25}
bounds = {name: "compute" if i > 203 else "memory" for name, i in per_byte.items()}
