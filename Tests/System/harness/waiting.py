"""Waiting for something to become true, with a deadline and without guessing how long it takes."""

import threading
import time


def wait_until(condition, within, what=None, every=0.05):
    """Returns what `condition` returned as soon as that is true; fails after `within` seconds.

    An exception in `condition` counts as "not yet" and is named when the time is up.
    """
    pause = threading.Event()
    deadline = time.monotonic() + within
    while True:
        try:
            value, problem = condition(), None
        except Exception as error:  # noqa: BLE001  a server that starts refuses connections, for instance
            value, problem = None, error
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}; last: {problem or value!r}") from problem
        pause.wait(every)
