"""Forks of a process in which no test ran: threads, figures and settings that tests leave behind stay with them.

python clean_forks.py DESCRIPTOR      waits on a socket for (folder, environment) and the child's end of a channel
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import warnings
from typing import NoReturn

MOST = 1 << 20  # bytes of an order: the environment is its largest part


def main(orders: socket.socket) -> None:
    """Fork for each order until the tests are over."""
    import torch  # noqa: F401  what a warm student has loaded

    from autograde.wall.shell import make_shell

    make_shell()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    while True:
        with contextlib.suppress(ConnectionError):
            order, ends, _, _ = socket.recv_fds(orders, MOST, 1)
            if not order:
                return
            if not ends:  # no order: a hostile cell that a test ran in its own fork writes to whatever is open there
                continue
            pid = os.fork()
            if pid == 0:
                orders.close()
                _live(ends[0], *json.loads(order))
            os.close(ends[0])
            orders.send(str(pid).encode())


def _live(end: int, folder: str, environment: dict[str, str]) -> NoReturn:
    """The child: a student's process without a sandbox."""
    from autograde.wall import runner
    from autograde.wall.shell import make_shell

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    warnings.simplefilter("ignore", DeprecationWarning)
    runner.main(socket.socket(fileno=end), make_shell(), [])


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
