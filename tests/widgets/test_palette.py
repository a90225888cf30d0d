"""Names and colours of labels: read from a file, refused where they cannot be seen, shown by every widget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from colour_vision import distance, over, seen_by
from drawn_results import attribution_of, wait_until
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.analysis import entity_errors
from explain_lib.core import Document, Prediction, Span, Target
from explain_lib.corpora import default_units
from explain_lib.models.token_classification import Tagger
from widgets import EntityTable, Paint, Palette, Workbench, compare, read_palette, show, to_html
from widgets.chart.figures import LOWERS, RAISES
from widgets.palette.colours import PAGES, contrast, ink, nearest_visible, too_faint
from widgets.views import entity_spans, entity_views, visible

BLUE, VIEW = "#1e88e5", {"name": "Ziekte", "light": ["#1e88e5", "#000000"], "dark": ["#1e88e5", "#000000"]}
COLOURS = st.integers(0, 2**24 - 1).map("#{:06x}".format)


def written(folder: Path, text: str, suffix: str = ".toml") -> Path:
    path = folder / f"palette{suffix}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".toml", ('[Disease]\nname = "Ziekte"\ncolour = "#1E88e5"\n["副反应"]\nname = "药物反应"\n'
                   '[Drug]\ncolour = {light="#8a5a00", dark="#ffb74d"}\n')),
        (".json", ('\ufeff{"Disease": {"name": "Ziekte", "colour": "#1E88e5"}, "副反应": {"name": "药物反应"}, '
                  '"Drug": {"colour": {"light": "#8a5a00", "dark": "#ffb74d"}}}')),
    ],
)  # fmt: skip
def test_a_palette_is_read_from_toml_and_json(tmp_path: Path, suffix: str, text: str) -> None:
    palette = read_palette(str(written(tmp_path, text, suffix)))
    assert palette == Palette({
        "Disease": Paint("Ziekte", "#1E88e5", "#1E88e5"), "Drug": Paint("Drug", "#8a5a00", "#ffb74d"),
        "副反应": Paint("药物反应"),
    })  # fmt: skip
    assert palette.paints["Drug"].view() == {
        "name": "Drug", "light": ["#8a5a00", "#ffffff"], "dark": ["#ffb74d", "#000000"],
    }  # fmt: skip
    assert palette.paints["副反应"].view() == {"name": "药物反应"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[A]\ncolor = '#000000'", "label 'A': 'color' is not known; there are name and colour"),
        ("[A]\ncolour = 'red'", "label 'A': colour 'red' is no colour; write it as \"#rrggbb\""),
        ("[A]\ncolour = 3", "label 'A': colour 3 is no colour"),
        ("[A]\ncolour = {light = '#1e88e5'}", "label 'A': a colour is given for one kind of page only"),
        ("[A]\ncolour = {light = '#1e88e5', night = '#1e88e5'}", "'night' is not known; there are light and dark"),
        ("[A]\nname = ''", "label 'A': the name is empty; leave it out"),
        ("[A]\nname = 3", "label 'A': the name is 3; it must be a text"),
        ("A = '#1e88e5'", "label 'A': it is '#1e88e5'; it must be a table with name, colour or both"),
        ("[A]\ncolour = '#ffff00'", "#ffff00 has a contrast of 1.07 in the light theme, where a line needs 3.0. Try"),
        ("[A]\ncolour = '#8a5a00'", "#8a5a00 has a contrast of 2.72 in the dark theme, where a line needs 3.0. Try"),
        ("[A]\ncolour = '#80700a'", "in the high contrast theme, where a line needs 4.5. Try dark"),
        ("[A", "palette.toml is no TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the message is looked at below, marks and all
        read_palette(written(tmp_path, text))
    assert message in str(caught.value)
    assert "palette.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "suffix", "message"),
    [
        ("{", ".json", "palette.json is no JSON: Expecting"),
        ('{"A": {}, "A": {}}', ".json", "palette.json is no JSON: 'A' stands there twice"),
        ("[]", ".json", "palette.json holds a list; a palette is a table of labels"),
        ("{}", ".yaml", r"palette.yaml has the suffix '.yaml'; a palette is a .toml or a .json file"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, text: str, suffix: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_palette(written(tmp_path, text, suffix))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the known grey that just fails
    assert contrast("#ff0000", "#ffffff") == pytest.approx(4.0, abs=0.005)


@given(COLOURS)
def test_text_on_any_colour_can_be_read_and_any_colour_can_be_mended(colour: str) -> None:
    assert contrast(colour, ink(colour)) >= 4.5
    for page in PAGES:
        mended = nearest_visible(colour, [page])
        assert all(contrast(mended, background) >= needed for background, needed in PAGES[page])
        assert (mended == colour) == (too_faint(colour, page) is None)
    both = nearest_visible(colour, ["light"]), nearest_visible(colour, ["dark", "high contrast"])
    assert (Paint("x", *both).light, Paint("x", *both).dark) == both


def test_views_carry_paint_and_longer_names_do_not_collide() -> None:
    document = Document("a b c", "en", (Span(0, 1, "X"), Span(2, 3, "Y\u202e"), Span(4, 5, "Z")))
    units = default_units(document)
    plain = entity_views(units, entity_spans(document))
    palette = Palette({"X": Paint("a long name"), "Y\u202e": Paint("Y", BLUE, BLUE)})
    painted = palette.painted(units, plain)
    assert [view.get("paint", {}).get("name") for view in painted] == ["a long name", "Y", None]
    assert [{k: v for k, v in view.items() if k not in ("paint", "lane")} for view in painted] == [
        {k: v for k, v in view.items() if k != "lane"} for view in plain
    ]
    assert len({view["lane"] for view in painted[:2]}) == 2
    far = Document("a " + "w " * 12 + "b", "en", (Span(0, 1, "X"), Span(26, 27, "X")))
    views = entity_views(default_units(far), entity_spans(far))
    longer = Palette({"X": Paint("x" * 40)}).painted(default_units(far), views)
    assert [[view["lane"] for view in each] for each in (views, longer)] == [[0, 0], [0, 1]]
    assert Palette().painted(units, plain) == plain


def test_a_hostile_name_is_shown_with_marks() -> None:
    assert Paint("a\u202e<img>").view()["name"] == visible("a\u202e<img>") != "a\u202e<img>"


def test_pictures_and_pages_take_a_palette(tmp_path: Path) -> None:
    document = Document("患者有心力衰竭", "zh", (Span(3, 7, "Disease"),), id="zh-1")
    palette = Palette({"Disease": Paint("Ziekte <b>", BLUE, BLUE)})
    shown: Any = show(document, palette=palette)
    wanted = VIEW | {"name": "Ziekte <b>"}
    assert [entity["paint"] for entity in shown.text.entities] == [wanted]
    assert shown.entities.entities == shown.text.entities
    assert "Ziekte &lt;b&gt;: 心力衰竭" in shown._repr_mimebundle_()["text/html"]
    page = to_html(Prediction((), np.zeros(0)), tmp_path / "x.html", document, palette=palette).read_text("utf-8")
    state = page.split('id="state"')[1].split(">", 1)[1].split("</script>")[0]
    assert [entity["paint"] for entity in json.loads(state)["sections"][0]["state"]["entities"]] == [wanted]


def test_tables_and_comparisons_take_a_palette() -> None:
    document = Document("患者有心力衰竭", "zh", (Span(3, 7, "Disease\u202e"),), id="zh-1")
    palette = Palette({"Disease\u202e": Paint("Ziekte", BLUE, BLUE)})
    errors = entity_errors([document], [Prediction((Span(3, 7, "Other"),), [0.5])])
    table = EntityTable(errors, palette=palette)
    words = table.table["words"]["type"]
    assert dict(zip(words, table.table["paints"], strict=True)) == {visible("Disease\u202e"): VIEW, "Other": None}
    assert EntityTable(errors).table["paints"] == [None] * len(words)
    result = attribution_of(document, [Target(document.spans[0])], np.arange(7.0))
    assert compare([result], palette=palette).view["target"] == "Ziekte “心力衰竭”"


@pytest.mark.parametrize(("vision", "least"), [("protan", 40), ("deutan", 40), ("tritan", 25)])
@pytest.mark.parametrize("page", [("#ffffff", 0.55), ("#111111", 0.75)])
def test_both_ends_of_the_heat_differ_for_colour_blind_readers(
    vision: str, least: float, page: tuple[str, float]
) -> None:
    ends = [over(colour, page[1], page[0]) for colour in (RAISES, LOWERS)]
    told = distance(*(seen_by(vision, end) for end in ends))
    assert told > least
    green_and_red = [over(colour, page[1], page[0]) for colour in ("#2ca02c", "#d62728")]
    assert vision == "tritan" or distance(*(seen_by(vision, end) for end in green_and_red)) < told


def test_the_workbench_takes_a_palette(tagger: Tagger, english: Document) -> None:
    bench = Workbench(tagger, english, palette=Palette({"Disease": Paint("Ziekte", BLUE, BLUE)}))
    try:
        wait_until(lambda: bench.case is not None and bench.panel.text.entities)
        entities = bench.panel.text.entities
        assert [entity.get("paint") for entity in entities] == [
            VIEW if e["label"] == "Disease" else None for e in entities
        ]
        assert VIEW in [entity.get("paint") for entity in entities]
        assert bench.panel.entities.entities == entities
    finally:
        bench.close()
