"""The wall: a student's code runs on one side, the judge on the other, and only data crosses.

The room holds the wire format (what may cross, and how it is checked on arrival), the proxies through which a test cell
calls a student's functions as if they were its own, and the sandbox with the runner in it. Nothing here knows about
notebooks to grade, points or gradebooks. See docs/wall.md.
"""
