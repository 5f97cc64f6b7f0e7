"""`python -m autograde` is the same as `autograde`."""

import sys

from autograde.cli import main

if __name__ == "__main__":  # a fork server's children import this module too
    sys.exit(main())
