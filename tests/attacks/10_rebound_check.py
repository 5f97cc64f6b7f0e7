# tries: the name check is bound to an object that agrees with everything
# must: *=failed
# answers: wrong
# gains: 0
# flags: quick

# %% own
class Agreeable:
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **kwargs):
        return self
    def __enter__(self):
        return self
    def __exit__(self, *args):
        return True
    def __iter__(self):
        return iter(())

check = Agreeable()
