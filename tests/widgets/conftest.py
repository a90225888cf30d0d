"""Fixtures of the widget tests: stored JSON, a toy tagger and documents that it knows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from explain_lib.models.toy import planted_tagger

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, Any], None]:
    """`golden(name, value)`: equal to the stored JSON; UPDATE_GOLDEN=1 writes it anew, to be read before a commit."""

    def check(name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        path = GOLDEN / f"{name}.json"
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return planted_tagger().tagger


@pytest.fixture
def english() -> Document:
    """Nested and overlapping gold spans; the toy finds “severe lesion”, a Reaction because of “adverse”."""
    spans = (Span(3, 32, "Reaction"), Span(19, 32, "Disease"))
    return Document("An adverse event : severe lesion after the first dose . No fever .", "en", spans, id="en-1")


@pytest.fixture
def chinese() -> Document:
    return Document("用药后出现副反应：重病变，已停药。", "zh", (Span(9, 12, "Reaction"),), id="zh-1")
