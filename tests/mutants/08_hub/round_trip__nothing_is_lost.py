# mistake: takes the tokenizer for lossless
# caught: check_round_trip
# says: of 20 entries are right
round_trip = dict.fromkeys(AWKWARD, "same")
