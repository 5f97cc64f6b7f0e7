# mistake: believes eight to nine hours
# caught: check_quiz_3
# says: gpu_hours
quiz_3_answers = {
    "colab_free": "b",
    "eighteen_hours": "c",
    "packages_vanish": "d",
    "gpu_hours": "c",
    "when_to_pay": "d",
}
