# why: capital letters
quiz_3_answers = {
    "colab_free": "B",
    "eighteen_hours": "C",
    "packages_vanish": "D",
    "gpu_hours": "A",
    "when_to_pay": "D",
}
