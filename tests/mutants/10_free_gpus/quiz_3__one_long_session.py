# mistake: takes a week's hours for a session's
# caught: check_quiz_3
# says: eighteen_hours
quiz_3_answers = {
    "colab_free": "b",
    "eighteen_hours": "a",
    "packages_vanish": "d",
    "gpu_hours": "a",
    "when_to_pay": "d",
}
