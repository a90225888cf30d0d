"""Long work beside the notebook: one thread, the latest job wins, small questions cut in between batches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

Tick = Callable[[int, int], None]
Work = Callable[[Tick], None]
_UPDATE_SECONDS = 0.1


class Cancelled(Exception):
    """Raised inside a job that was overtaken or cancelled."""


class Progress(Protocol):
    """Where jobs tell how they are doing."""

    def say(self, message: str, kind: str = "idle") -> None:
        """Show a message of kind "idle", "busy" or "error"."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Show how much is done."""
        ...


class Jobs:
    """Runs one job at a time in a worker thread.

    A job gets `tick(done, total)` and must call it once per batch: that moves the bar, lets an urgent job in, and
    raises `Cancelled` when the job was cancelled or another one has been submitted.
    """

    def __init__(self, status: Progress) -> None:
        self._status = status
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="workbench")
        self._lock = threading.Lock()
        self._latest = 0
        self._urgent: Work | None = None
        self._updated = 0.0

    def submit(self, message: str, work: Work) -> Future[None]:
        """Run `work` as soon as the running job has noticed that it is overtaken."""
        with self._lock:
            self._latest += 1
            return self._pool.submit(self._run, self._latest, message, work)

    def urgent(self, work: Work) -> Future[None]:
        """Run a short `work` before or between the batches of the running job; a newer one replaces a waiting one."""
        with self._lock:
            self._urgent = work
        return self._pool.submit(self._run_urgent)

    def cancel(self) -> None:
        """Stop the running job at its next batch, and every waiting one."""
        with self._lock:
            self._latest += 1

    def close(self) -> None:
        """Cancel everything and let the thread end."""
        self.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, number: int, message: str, work: Work) -> None:
        self._run_urgent()
        if number != self._latest:
            return
        self._status.say(message, "busy")
        try:
            work(lambda done, total: self._tick(number, done, total))
        except Cancelled:
            if number + 1 == self._latest:  # else a newer job speaks next
                self._status.say("Cancelled; what was computed so far is kept for the next run.")
        except Exception as error:  # a thread's exception is seen by nobody: show every one
            self._status.say(plain_error(error), "error")

    def _tick(self, number: int, done: int, total: int) -> None:
        self._run_urgent()
        if number != self._latest:
            raise Cancelled
        now = time.monotonic()
        if now - self._updated >= _UPDATE_SECONDS or done >= total:
            self._updated = now
            self._status.progress(done, total)

    def _run_urgent(self) -> None:
        with self._lock:
            work, self._urgent = self._urgent, None
        if work is None:
            return
        try:
            work(lambda done, total: None)
        except Exception as error:  # as above
            self._status.say(plain_error(error), "error")


def plain_error(error: BaseException) -> str:
    """An exception as one line for a reader."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
