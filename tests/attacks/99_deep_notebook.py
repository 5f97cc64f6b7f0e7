# tries: a notebook nested a hundred thousand deep
# must: refused
# gains: 0
# flags: quick

# %% build
def build(nb, folder):
    return b'{"cells": [], "metadata": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b', "nbformat": 4}'
