# mistake: believes the napkin everywhere
# caught: check_napkin
# says: is T above 2D + F
napkin = {
    "letters": "about right",
    "books": "about right",
    "words": "about right",
    "top": "about right",
    "bottom": "about right",
    "recompute": "about right",
}
