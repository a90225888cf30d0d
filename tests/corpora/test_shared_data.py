"""What the readers make of public corpora, where these lie beside the checkout."""

from pathlib import Path

import pytest

from explain_lib.core import Corpus
from explain_lib.corpora import Brat, LabelledLines, PlainText, Reader, read_corpus

pytestmark = pytest.mark.data

COUNTS = [
    ("en_ncbi_disease/conll/train.tsv", None, 5432, 5145, 0),
    ("en_ncbi_disease/conll/devel.tsv", None, 923, 787, 0),
    ("en_ncbi_disease/pubtator/NCBItrainset_corpus.txt", None, 592, 5134, 2),
    ("en_ncbi_disease/pubtator/NCBIdevelopset_corpus.txt", None, 100, 787, 0),
    ("en_ncbi_disease/brat/devel", None, 100, 787, 0),
    ("en_bc5cdr/train.tsv", None, 4560, 9385, 0),
    ("en_bc5cdr/devel.tsv", None, 4581, 9593, 0),
    ("en_genia_nested", None, 1765, 4714, 0),
    ("zh_cmedqaner/train.json", None, 1673, 12625, 82),
    ("zh_cmedqaner/dev.json", None, 175, 1035, 4),
    ("zh_cmedqaner/dev.txt", None, 175, 1024, 0),
    ("zh_cmdd", None, 52559, 20068, 409),
    ("zh_cmeee_v2", None, 3500, 17947, 0),
    ("zh_cmedtc/train.txt", None, 14610, 0, 0),
    ("zh_uner/zh_gsdsimp-ud-train.iob2", None, 3997, 6118, 0),
    ("zh_uner/zh_gsdsimp-ud-dev.iob2", None, 500, 753, 0),
    ("nl_en_mantra/brat/Dutch", Brat(label_in_notes=True), 100, 434, 0),
    ("nl_en_mantra/emea_english.jsonl", None, 100, 433, 0),
    ("nl_wikineural", None, 10460, 14941, 0),
    ("en_brat_tutorials", None, 13, 107, 0),
    ("en_textcls/stsa.binary.train", LabelledLines(" "), 6920, 0, 0),
    ("en_textcls/rt-polarity.all", LabelledLines(" "), 10460, 0, 202),
    ("zh_medical_text/toyhom_300rows_gb18030.csv", PlainText(one_per_line=True), 1, 0, 300),
]


@pytest.mark.parametrize(
    ("path", "reader", "n_documents", "n_spans", "n_problems"), COUNTS, ids=[row[0] for row in COUNTS]
)
def test_counts(
    shared_data: Path, path: str, reader: Reader | None, n_documents: int, n_spans: int, n_problems: int
) -> None:
    corpus = read_corpus(shared_data / path, reader=reader)
    n_read = sum(len(document.spans) for document in corpus)
    assert (len(corpus), n_read, len(corpus.problems)) == (n_documents, n_spans, n_problems)


def test_kinds_of_problems(shared_data: Path) -> None:
    problems = read_corpus(shared_data / "zh_cmedqaner/train.json").problems
    assert sum("letter case" in problem.what for problem in problems) == 67
    assert sum("it was moved" in problem.what for problem in problems) == 15
    problems = read_corpus(shared_data / "zh_cmdd").problems
    assert sum("is empty" in problem.what for problem in problems) == 393
    assert sum("an I opens the span" in problem.what for problem in problems) == 16
    problems = read_corpus(shared_data / "en_ncbi_disease/pubtator/NCBItrainset_corpus.txt").problems
    assert [problem.what for problem in problems] == [
        "the mention at 711–761 has white space at its ends; its offsets are kept",
        "PMID 8528200 stands already in line 3811; it is left out here",
    ]


def test_another_encoding_can_be_named(shared_data: Path) -> None:
    folder = shared_data / "zh_medical_text"
    table = read_corpus(folder / "toyhom_300rows_gb18030.csv", reader=PlainText(one_per_line=True), encoding="gb18030")
    assert (len(table), table.problems) == (301, ())
    reviews = read_corpus(shared_data / "en_textcls/rt-polarity.all", reader=LabelledLines(" "), encoding="latin-1")
    assert (len(reviews), reviews.problems) == (10662, ())


def test_two_releases_of_one_corpus_agree(shared_data: Path) -> None:
    def spans(corpus: Corpus) -> list[object]:
        return [sorted(document.spans) for document in sorted(corpus, key=lambda document: document.id)]

    mantra = shared_data / "nl_en_mantra"
    for language in ("Dutch", "English"):
        stand_off = read_corpus(mantra / "brat" / language, reader=Brat(label_in_notes=True))
        lines = read_corpus(mantra / f"emea_{language.lower()}.jsonl")
        assert spans(stand_off) == spans(lines)
        assert sum(span.is_discontinuous for document in lines for span in document.spans) in (14, 10)
    ncbi = shared_data / "en_ncbi_disease"
    assert spans(read_corpus(ncbi / "brat" / "devel")) == spans(
        read_corpus(ncbi / "pubtator/NCBIdevelopset_corpus.txt")
    )
    columns = read_corpus(shared_data / "zh_cmedqaner/dev.txt")
    mentions = read_corpus(shared_data / "zh_cmedqaner/dev.json")
    assert [document.text for document in columns] == [document.text for document in mentions]
    assert all(set(a.spans) <= set(b.spans) for a, b in zip(columns, mentions, strict=True))


def test_the_text_comment_of_uner_is_the_text(shared_data: Path) -> None:
    path = shared_data / "zh_uner/zh_gsdsimp-ud-dev.iob2"
    wanted = [
        line.removeprefix("# text = ") for line in path.read_text(encoding="utf-8").split("\n") if "# text" in line
    ]
    assert [document.text for document in read_corpus(path)] == wanted


def test_the_named_gaps_end_clearly(shared_data: Path) -> None:
    for folder in ("fhir_uscore", "bioc_sample"):
        with pytest.raises(ValueError, match="holds no document"):
            read_corpus(shared_data / folder)
