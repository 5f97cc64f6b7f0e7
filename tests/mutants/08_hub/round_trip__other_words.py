# mistake: answers with words of their own
# caught: check_round_trip
# says: yours has another word
round_trip = {
    "plain": "same",
    "capitals": "changed",
    "accent": "changed",
    "two spaces": "changed",
    "line break": "changed",
    "empty": "same",
    "no such word": "same",
    "long word": "lost",
    "smile": "lost",
    "japanese": "lost",
    "full stop": "same",
    "question": "same",
    "hyphen": "changed",
    "brackets": "changed",
    "number": "same",
    "decimal": "changed",
    "apostrophe": "changed",
    "euro": "lost",
    "tab and space": "changed",
    "its own mark": "changed",
}
