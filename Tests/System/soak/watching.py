"""Looking at a server from beside it while something goes on."""

import pathlib
import re
import statistics
import threading
import time

import httpx


def resident(server):
    """Megabytes of the server itself; PostgreSQL's processes are not in it."""
    status = pathlib.Path(f"/proc/{server.running.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1]) / 1024


class Watch:
    """Reads the server's memory and asks for its health, each in a thread, as a `with` statement's companion."""

    def __init__(self, server, health_every=0.25, memory_every=1):
        self.server = server
        self.began = time.monotonic()
        self.memory = []  # (seconds since the beginning, megabytes)
        self.health = []  # seconds until the answer
        self.missed = []  # what there was in place of an answer
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(self._read_memory, memory_every)),
            threading.Thread(target=self._repeat, args=(self._ask, health_every)),
        ]

    def _repeat(self, action, every):
        while not self._ended.wait(every):
            action()

    def _read_memory(self):
        if self.server.alive:
            self.memory.append((time.monotonic() - self.began, resident(self.server)))

    def _ask(self):
        """On a connection of its own, as whatever looks after servers does."""
        began = time.monotonic()
        try:
            with httpx.Client(timeout=5, verify=False) as client:
                status = client.get(f"{self.server.url}/health").status_code
            if status != 200:
                self.missed.append(str(status))
        except httpx.HTTPError as error:
            self.missed.append(type(error).__name__)
        self.health.append(time.monotonic() - began)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join(30)

    @property
    def most_memory(self):
        return max(megabytes for _, megabytes in self.memory)


def slope(samples):
    """Megabytes an hour, by least squares, and how far the samples lie from that line (standard deviation)."""
    times, sizes = zip(*samples)
    fit = statistics.linear_regression(times, sizes)
    rest = [size - (fit.slope * at + fit.intercept) for at, size in samples]
    return fit.slope * 3600, statistics.pstdev(rest)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
