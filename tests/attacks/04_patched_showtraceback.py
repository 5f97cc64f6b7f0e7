# tries: errors are never shown, and each one reports a pass in its place
# must: *=failed
# answers: wrong
# gains: 0
# flags: weak

# %% own
shell = get_ipython()

def silent(*args, **kwargs):
    check.end()

shell.showtraceback = shell._showtraceback = shell.showsyntaxerror = silent
type(shell).showtraceback = type(shell)._showtraceback = silent
shell.set_custom_exc((BaseException,), silent)
