# mistake: forgets that capitals and accents go
# caught: check_round_trip
# says: rule 1
round_trip = {
    "plain": "same",
    "capitals": "same",
    "accent": "same",
    "two spaces": "changed",
    "line break": "changed",
    "empty": "same",
    "no such word": "same",
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
