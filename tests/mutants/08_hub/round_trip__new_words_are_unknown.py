# mistake: takes every word that is not in the vocabulary for unknown
# caught: check_round_trip
# says: single letters are pieces
round_trip = {
    "plain": "same",
    "capitals": "changed",
    "accent": "changed",
    "two spaces": "changed",
    "line break": "changed",
    "empty": "same",
    "no such word": "unknown",
    "long word": "unknown",
    "smile": "unknown",
    "japanese": "unknown",
    "full stop": "same",
    "question": "same",
    "hyphen": "changed",
    "brackets": "changed",
    "number": "same",
    "decimal": "changed",
    "apostrophe": "changed",
    "euro": "unknown",
    "tab and space": "changed",
    "its own mark": "changed",
}
