"""Long work beside the notebook: one thread; the latest job wins, small questions and it cut into background work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

Tick = Callable[[int, int], None]
Work = Callable[[Tick], None]
_UPDATE_SECONDS = 0.1
STOPPED = "Cancelled; what was computed so far is kept for the next run."


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
    raises `Cancelled` when the job was cancelled or another one has been submitted. Background work (a corpus) waits
    in line instead, is not overtaken, and lets jobs in at its ticks; it tells `aside` how it is doing.
    """

    def __init__(self, status: Progress, aside: Progress | None = None) -> None:
        self._status, self._aside = status, aside or status
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="workbench")
        self._lock = threading.Lock()
        self._latest = self._round = 0
        self._waiting: tuple[int, str, Work] | None = None
        self._urgent: Work | None = None
        self._updated = 0.0

    def submit(self, message: str, work: Work) -> Future[None]:
        """Run `work` as soon as the running job has noticed that it is overtaken."""
        with self._lock:
            self._latest += 1
            self._waiting = (self._latest, message, work)
        return self._pool.submit(self._run_waiting)

    def urgent(self, work: Work) -> Future[None]:
        """Run a short `work` before or between the batches of the running job; a newer one replaces a waiting one."""
        with self._lock:
            self._urgent = work
        return self._pool.submit(self._run_urgent)

    def background(self, message: str, work: Work) -> Future[None]:
        """Run `work` after all background work before it; jobs that are submitted meanwhile run between its batches."""
        return self._pool.submit(self._run_background, self._round, message, work)

    def say(self, message: str, kind: str = "idle") -> None:
        """Tell the reader something, where jobs tell how they are doing."""
        self._status.say(message, kind)

    def cancel(self) -> None:
        """Stop the running job at its next batch, and the waiting one; background work goes on."""
        with self._lock:
            self._latest += 1
            waiting, self._waiting = self._waiting, None
        if waiting is not None:  # it never ran, so that it cannot say so itself
            self._status.say(STOPPED)

    def overtake(self) -> None:
        """As `cancel`, without a word: the caller has something else to say."""
        with self._lock:
            self._latest += 2  # a job that is followed by the next number tells of a cancellation
            self._waiting = None

    def cancel_background(self) -> None:
        """Stop the background work at its next batch, and all that waits behind it."""
        with self._lock:
            self._round += 1

    def close(self) -> None:
        """Cancel everything and let the thread end."""
        self.overtake()
        self.cancel_background()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run_waiting(self) -> None:
        self._run_urgent()
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is None or waiting[0] != self._latest:
            return
        number, message, work = waiting
        self._status.say(message, "busy")
        try:
            work(lambda done, total: self._tick(number, done, total))
        except Cancelled:
            if number + 1 == self._latest:  # else a newer job speaks next
                self._status.say(STOPPED)
        except Exception as error:  # a thread's exception is seen by nobody: show every one
            self._status.say(plain_error(error), "error")

    def _run_background(self, number: int, message: str, work: Work) -> None:
        if number != self._round:
            return
        self._aside.say(message, "busy")
        try:
            work(lambda done, total: self._tick_background(number, done, total))
            self._aside.say("")
        except Cancelled:
            self._aside.say(STOPPED)
        except Exception as error:  # as above
            self._aside.say(plain_error(error), "error")

    def _tick(self, number: int, done: int, total: int) -> None:
        self._run_urgent()
        if number != self._latest:
            raise Cancelled
        self._progress(self._status, done, total)

    def _tick_background(self, number: int, done: int, total: int) -> None:
        self._run_waiting()
        if number != self._round:
            raise Cancelled
        self._progress(self._aside, done, total)

    def _progress(self, status: Progress, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._updated >= _UPDATE_SECONDS or done >= total:
            self._updated = now
            status.progress(done, total)

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
