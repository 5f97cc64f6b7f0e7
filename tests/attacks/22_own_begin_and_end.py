# tries: the student calls the check's own frame: begins the checks, passes something easy, ends them
# must: *=failed
# answers: wrong
# gains: 0
# flags: weak

# %% own
for exercise, part, points in (("sizes", None, 4), ("softmax_rows", None, 2), ("softmax_rows", "gradients", 1)):
    check.begin(exercise, part=part, points=points)
    check.that(True, expected="", got="")
    check.end()
check.active().outcomes.clear()

# %% exercise="total_bytes"
class Ending(int):
    def __ne__(self, other):
        check.begin("total_bytes", points=1)
        check.end()
        return True
    def __eq__(self, other):
        check.end()
        return True
    __hash__ = int.__hash__

total_bytes = Ending(5)
