"""Jobs: the latest wins, Cancel is quick, urgent questions cut in, errors are seen."""

from __future__ import annotations

import threading
import time

from drawn_results import wait_until

from widgets.guard import shown_on
from widgets.jobs import Jobs, Tick
from widgets.status import Status


def slow(done: list[str], name: str, batches: int = 1000) -> object:
    """Work of many short batches that notes its end."""

    def work(tick: Tick) -> None:
        for i in range(batches):
            time.sleep(0.01)
            tick(i + 1, batches)
        done.append(name)

    return work


def test_the_latest_job_wins_and_earlier_ones_stop() -> None:
    jobs, done = Jobs(Status()), []
    for name in "abcd":
        jobs.submit(name, slow(done, name))
    jobs.submit("last", slow(done, "last", batches=2)).result(timeout=5)
    assert done == ["last"]


def test_cancel_stops_within_one_batch_and_says_so() -> None:
    status, done = Status(), []
    jobs = Jobs(status)
    running = jobs.submit("counting", slow(done, "a"))
    wait_until(lambda: status.done > 0)
    assert (status.kind, status.message) == ("busy", "counting")
    begun = time.monotonic()
    jobs.cancel()
    running.result(timeout=5)
    assert time.monotonic() - begun < 1
    assert done == []
    assert status.kind == "idle"
    assert status.message.startswith("Cancelled")


def test_an_urgent_job_is_answered_while_a_long_one_runs() -> None:
    status, done = Status(), []
    jobs = Jobs(status)
    running = jobs.submit("counting", slow(done, "long"))
    wait_until(lambda: status.done > 0)
    answered = threading.Event()
    jobs.urgent(lambda tick: answered.set())
    assert answered.wait(timeout=1)
    assert not running.done()
    jobs.cancel()


def test_of_several_waiting_urgent_jobs_only_the_newest_runs() -> None:
    jobs, seen, begun, gate = Jobs(Status()), [], threading.Event(), threading.Event()
    jobs.submit("blocked", lambda tick: (begun.set(), gate.wait(5)))
    assert begun.wait(timeout=5)  # a job lets urgent ones in before it begins
    for i in range(5):
        last = jobs.urgent(lambda tick, i=i: seen.append(i))
    gate.set()
    last.result(timeout=5)
    assert seen == [4]


def test_an_exception_in_a_job_becomes_a_visible_line() -> None:
    status = Status()
    jobs = Jobs(status)
    jobs.submit("dividing", lambda tick: [1 / 0]).result(timeout=5)
    assert (status.kind, status.message) == ("error", "ZeroDivisionError: division by zero")
    jobs.urgent(lambda tick: [][0]).result(timeout=5)
    assert (status.kind, status.message) == ("error", "IndexError: list index out of range")


def test_an_exception_in_a_handler_becomes_a_visible_line() -> None:
    status = Status()

    @shown_on(status)
    def handler(event: object) -> None:
        raise ValueError("span 3–4 covers no unit")

    handler(None)
    assert (status.kind, status.message) == ("error", "ValueError: span 3–4 covers no unit")


def test_a_closed_queue_ends_its_thread() -> None:
    jobs, done = Jobs(Status()), []
    running = jobs.submit("counting", slow(done, "a"))
    jobs.close()
    wait_until(running.done)
    assert done == []


def test_background_work_lets_jobs_in_and_goes_on() -> None:
    status, aside, done = Status(), Status(), []
    jobs = Jobs(status, aside)
    corpus = jobs.background("all documents", slow(done, "corpus", batches=60))
    wait_until(lambda: aside.done > 0)
    jobs.submit("one entity", slow(done, "entity", batches=2))
    wait_until(lambda: done == ["entity"])
    assert (aside.kind, aside.message) == ("busy", "all documents")
    jobs.cancel()  # stops jobs, not the background
    corpus.result(timeout=5)
    assert done == ["entity", "corpus"]
    assert (aside.kind, aside.message) == ("idle", "")
    jobs.close()


def test_cancelled_background_work_takes_the_waiting_one_along() -> None:
    aside, done = Status(), []
    jobs = Jobs(Status(), aside)
    jobs.background("first", slow(done, "first"))
    second = jobs.background("second", slow(done, "second", batches=1))
    wait_until(lambda: aside.done > 0)
    jobs.cancel_background()
    second.result(timeout=5)
    assert done == []
    assert aside.message.startswith("Cancelled")
    jobs.background("third", slow(done, "third", batches=1)).result(timeout=5)
    assert done == ["third"]
    jobs.close()


def test_a_job_that_is_cancelled_before_it_begins_says_so_and_an_overtaken_one_does_not() -> None:
    status, done, gate = Status(), [], threading.Event()
    jobs = Jobs(status)
    first = jobs.urgent(lambda tick: gate.wait(5))
    jobs.submit("never", slow(done, "never"))
    jobs.cancel()
    assert status.message.startswith("Cancelled")
    gate.set()
    first.result(timeout=5)
    running = jobs.submit("counting", slow(done, "counting"))
    wait_until(lambda: status.done > 0)
    jobs.overtake()
    jobs.say("something else")
    running.result(timeout=5)
    assert (done, status.message) == ([], "something else")
    jobs.close()
