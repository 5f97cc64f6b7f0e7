# mistake: does not know of the longest word
# caught: check_round_trip
# says: a limit of 100 characters
round_trip = {
    "plain": "same",
    "capitals": "changed",
    "accent": "changed",
    "two spaces": "changed",
    "line break": "changed",
    "empty": "same",
    "no such word": "same",
    "long word": "same",
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
