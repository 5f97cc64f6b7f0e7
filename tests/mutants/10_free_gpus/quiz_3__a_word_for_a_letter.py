# mistake: writes the answer out
# caught: check_quiz_3
# says: letters
quiz_3_answers = {
    "colab_free": "b",
    "eighteen_hours": "c",
    "packages_vanish": "d",
    "gpu_hours": "about 2.6",
    "when_to_pay": "d",
}
