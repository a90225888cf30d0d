"""The README's ten lines do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

README = Path(__file__).parents[2] / "README.md"


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


def test_files_that_the_readme_points_to_exist() -> None:
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", README.read_text(encoding="utf-8"))
    assert links and all((README.parent / link).exists() for link in links)
