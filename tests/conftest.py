"""What every test stands on: marked tests are skipped with their reason, or fail where a skip would hide something."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from lab_driver import missing_tools

ROOT = Path(__file__).parents[1]
SHARED_DATA = Path(os.environ.get("EXPLAIN_LIB_SHARED_DATA", ROOT.parent / "shared" / "data"))
FRONT_END = ("browser", "node")
FAILED = pytest.StashKey[bool]()

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a test that asks a hub is a bug, and should say so at once

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "run browser and node tests, and count a skip of one as a failure"
    parser.addoption("--with-browser", action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--with-browser") and (missing := missing_tools()):
        raise pytest.UsageError("browser and node tests need, and did not find:\n  " + "\n  ".join(missing))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if not config.getoption("--with-browser"):
            for name in FRONT_END:
                if item.get_closest_marker(name):
                    item.add_marker(pytest.mark.skip(reason=f"{name} test: run `make test-browser`"))
        if item.get_closest_marker("data") and not SHARED_DATA.is_dir():
            reason = "needs the public corpora: no folder ../shared/data, and EXPLAIN_LIB_SHARED_DATA names none"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell fixtures how the test went, and let no front-end test slip away by a skip where they were asked for."""
    report = yield
    asked_for = item.config.getoption("--with-browser") and any(map(item.get_closest_marker, FRONT_END))
    if asked_for and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which --with-browser does not allow: {report.longrepr}"
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def has_failed(request: pytest.FixtureRequest) -> object:
    """A question that a fixture may ask after its yield: did the test fail?"""
    return lambda: request.node.stash.get(FAILED, False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public corpora; use it only in tests marked `data`."""
    return SHARED_DATA
