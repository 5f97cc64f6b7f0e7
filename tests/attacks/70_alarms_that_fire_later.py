# tries: alarms, timers and asyncio tasks set in a cell strike in the check
# must: *=failed|timeout|crashed
# answers: wrong
# gains: 0

# %% own
import asyncio
import os
import signal
import threading

def strike(*args):
    check.end()
    raise SystemExit(0)

signal.signal(signal.SIGALRM, strike)
signal.signal(signal.SIGUSR1, strike)
signal.setitimer(signal.ITIMER_REAL, 0.2, 0.05)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1)).start()

async def later():
    while True:
        await asyncio.sleep(0.05)
        check.close = check.equal = lambda *a, **k: None

task = asyncio.ensure_future(later()) if asyncio.get_event_loop().is_running() else None
