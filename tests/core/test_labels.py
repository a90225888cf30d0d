"""Label lists of taggers, under every spelling in use."""

import pytest

from explain_lib.core import TagScheme


@pytest.mark.parametrize(
    ("tags", "name", "roles", "types"),
    [
        (["O", "B-Dis", "I-Dis"], "BIO", "OBI", ["", "Dis", "Dis"]),
        (["B_body", "I_body", "O"], "BIO", "BIO", ["body", "body", ""]),
        (["O", "I-PER", "I-LOC"], "IO", "OII", ["", "PER", "LOC"]),
        (["O", "Disease", "B_cell"], "IO", "OII", ["", "Disease", "B_cell"]),
        (["O", "B-X", "I-X", "E-X", "S-X"], "BIOES", "OBIES", ["", "X", "X", "X", "X"]),
        (["O", "B-X", "I-X", "L-X", "U-X"], "BIOES", "OBIES", ["", "X", "X", "X", "X"]),
        (["O", "B-X", "M-X", "E-X", "S-X"], "BIOES", "OBIES", ["", "X", "X", "X", "X"]),
        (["O", "X-B", "X-I"], "BIO", "OBI", ["", "X", "X"]),
        (["O", "B-cell-type", "I-cell-type"], "BIO", "OBI", ["", "cell-type", "cell-type"]),
        (["X", "O", "B-Dis", "I-Dis", "[CLS]"], "BIO", "OOBIO", ["", "", "Dis", "Dis", ""]),
        (["O", "B", "I"], "BIO", "OBI", ["", "entity", "entity"]),
    ],
)
def test_spellings(tags: list[str], name: str, roles: str, types: list[str]) -> None:
    scheme = TagScheme.from_tags(tags)
    assert (scheme.name, "".join(scheme.roles), list(scheme.types)) == (name, roles, types)
    assert scheme.tags == tuple(tags)
    assert scheme.outside == tags.index("O")


def test_finding_tags() -> None:
    scheme = TagScheme.from_tags(["I-B", "O", "B-B", "B-A", "I-A"])
    assert scheme.entity_types == ("B", "A")
    assert [scheme.index(role, kind) for role, kind in [("B", "A"), ("I", "B"), ("E", "A"), ("B", "C")]] == [
        3,
        0,
        None,
        None,
    ]


def test_a_list_without_o_is_no_scheme() -> None:
    with pytest.raises(ValueError, match=r"the label list \['POSITIVE', 'NEGATIVE'\] has no 'O' tag.*Set id2label"):
        TagScheme.from_tags(["POSITIVE", "NEGATIVE"])
