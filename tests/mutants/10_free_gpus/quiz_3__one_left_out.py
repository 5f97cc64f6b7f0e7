# mistake: leaves one question open
# caught: check_quiz_3
# says: when_to_pay
quiz_3_answers = {"colab_free": "b", "eighteen_hours": "c", "packages_vanish": "d", "gpu_hours": "a", "when_to_pay": ""}
