# mistake: three turns of a few words
# caught: check_lab_1
# says: words
lab_1_turns = ["No migration.", "It costs too much.", "Our loop is easier to debug."]
