"""`python -m autograde` is the same as `autograde`."""

import sys

from autograde.cli import main

sys.exit(main())
