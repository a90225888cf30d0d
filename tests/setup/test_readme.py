"""The README's ten lines do what they say; the README and the guide point to what is there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import explain_lib as xl
import widgets as xw

README = Path(__file__).parents[2] / "README.md"
GUIDE = README.parent / "docs" / "guide.md"


def test_the_ten_lines_run_and_explain_both_entities() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(blocks[0], "README.md", "exec"), names)  # the project's own text
    doc, prediction, why = (names[name] for name in ("doc", "pred", "why"))
    assert [(span.label, span.text_of(doc.text)) for span in prediction.spans] == [
        ("Chemical", "furosemide"),
        ("Disease", "hartfalen"),
    ]
    assert [doc.text[slice(*why.units.bounds[i])] for i in why.scores.argmax(axis=0)] == ["furosemide", "hartfalen"]
    np.testing.assert_allclose(why.completeness_gap, 0, atol=1e-6)


@pytest.mark.parametrize("path", [README, GUIDE], ids=lambda path: path.name)
def test_files_that_it_points_to_exist(path: Path) -> None:
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", [README, GUIDE], ids=lambda path: path.name)
def test_names_that_it_gives_are_public(path: Path) -> None:
    given = re.findall(r"\b(x[lw])\.([A-Za-z_]+)", path.read_text(encoding="utf-8"))
    assert given
    assert [f"{face}.{name}" for face, name in given if not hasattr({"xl": xl, "xw": xw}[face], name)] == []
