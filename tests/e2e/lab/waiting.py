"""Bounded waiting: every loop of the tests ends here."""

import time


class TimedOut(AssertionError):
    """What was waited for didn't come in time."""


def wait_for(condition, what, seconds=60.0, interval=0.05):
    """The first true value that condition() gives; TimedOut after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimedOut(f"waited {seconds:g} s in vain for {what}")
        time.sleep(interval)
