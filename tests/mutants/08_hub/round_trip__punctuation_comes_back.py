# mistake: forgets where decode puts spaces
# caught: check_round_trip
# says: where does decode put spaces
round_trip = {
    "plain": "same",
    "capitals": "changed",
    "accent": "changed",
    "two spaces": "changed",
    "line break": "changed",
    "empty": "same",
    "no such word": "same",
    "long word": "unknown",
    "smile": "unknown",
    "japanese": "unknown",
    "full stop": "same",
    "question": "same",
    "hyphen": "same",
    "brackets": "same",
    "number": "same",
    "decimal": "changed",
    "apostrophe": "changed",
    "euro": "unknown",
    "tab and space": "changed",
    "its own mark": "changed",
}
