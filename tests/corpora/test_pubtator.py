"""PubTator files."""

from pathlib import Path

from explain_lib.core import Span
from explain_lib.corpora import read_corpus


def test_records_are_read_and_dirt_is_reported(tmp_path: Path) -> None:
    (tmp_path / "corpus.txt").write_text(
        "\n"
        "12|t|Gout and colchicine.\n"
        "12|a|Gout hurts.\n"
        "12\t0\t4\tGout\tDisease\tD006073\n"
        "12\t9\t19\tcolchicine\tChemical\tD003078\n"
        "12\t20\t24\tGout\tDisease\tD006073\n"
        "12\tCID\tD003078\tD006073\n"
        "12\t0\t4\tgout \tDisease\n"
        "99\t0\t4\tGout\tDisease\tD006073\n"
        "broken\n"
        "\n"
        "13|t|\n"
        "13|a|\n"
        "\n"
        "12|t|Gout and colchicine.\n"
        "12|a|Gout hurts.\n"
        "\n"
        "14|t|Fever\n"
        "15|t|Cough\n",
        encoding="utf-8",
    )
    corpus = read_corpus(tmp_path, "en")
    assert [(document.id, document.text) for document in corpus] == [
        ("12", "Gout and colchicine. Gout hurts."), ("14", "Fever"), ("15", "Cough"),
    ]  # fmt: skip
    assert corpus[0].spans == (Span(0, 4, "Disease"), Span(9, 19, "Chemical"), Span(21, 25, "Disease"))
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (6, "the mention is not at 20–24; it was moved to 21–25, where it stands"),
        (8, "the mention is not at 0–4 and does not occur within 10 characters; the span is left out"),
        (9, "the line is no annotation of PMID 12; it is left out"),
        (10, "the line is no annotation of PMID 12; it is left out"),
        (12, "the text of PMID 13 is empty; it is left out"),
        (15, "PMID 12 stands already in line 2; it is left out here"),
    ]
