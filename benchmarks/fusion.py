"""Does fusing help? Members, mean and fusion on documents and families of edits that nothing was fitted to.

    python benchmarks/fusion.py --out FOLDER [--langs zh nl en] [--fit 20] [--judge 40] [--corpus demo|real]

Resumable: the same command goes on in FOLDER. `real` reads NCBI-disease devel (PubTator, en), cMedQANER dev (zh) from
../shared/data, and takes the demo documents for nl. The context arm; at most `--targets` predicted entities of a text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import results
import work

import explain_lib as xl

REAL = {"en": "en_ncbi_disease/pubtator/NCBIdevelopset_corpus.txt", "zh": "zh_cmedqaner/dev.json"}
MEMBERS = (
    xl.KernelShap(xl.PerUnit(8)), xl.PermutationShap(xl.PerUnit(8)), xl.Occlusion(), xl.GradientInput(),
    xl.IntegratedGradients(steps=16),
)  # fmt: skip
FIGURES = ("stability", "infidelity", "boundary infidelity", "squared change", "NAOPC")


def main() -> None:
    """Prove language by language, print, and write the section of RESULTS.md."""
    options = parsed()
    model, parts = xl.demo_model(), []
    for lang in options.langs:
        docs = documents(lang, options.corpus)
        fit, judge = docs[: options.fit], docs[options.fit : options.fit + options.judge]
        proof = xl.prove_fusion(
            model, fit, judge, MEMBERS, Path(options.out) / lang, targets=first(options.targets),
            settings=xl.ProofSettings(is_refitted=options.refit),
        )  # fmt: skip
        parts.append(section(lang, proof))
        print(parts[-1], flush=True)
    results.write_section("benchmarks/fusion.py", f"{results.machine()}\n\n" + "\n".join(parts))


def parsed() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--langs", nargs="+", default=["zh", "nl", "en"])
    parser.add_argument("--fit", type=int, default=20)
    parser.add_argument("--judge", type=int, default=40)
    parser.add_argument("--targets", type=int, default=2)
    parser.add_argument("--corpus", choices=["demo", "real"], default="demo")
    parser.add_argument("--refit", action="store_true", help="fit anew on every edited text (the headline; slow)")
    return parser.parse_args()


def documents(lang: str, corpus: str) -> list[xl.Document]:
    """Texts of one language, each once."""
    is_real = corpus == "real" and lang in REAL
    found = xl.read_corpus(work.shared_data() / REAL[lang], lang=lang) if is_real else xl.demo_documents(lang=lang)
    return list({document.text: document for document in found}.values())


def first(n: int):
    """The first `n` predicted spans of a document."""

    def first_predicted(document: xl.Document, prediction: xl.Prediction) -> list[xl.Target]:
        return [xl.Target(span) for span in prediction.spans[:n]]

    first_predicted.__qualname__ = f"first {n} predicted"
    return first_predicted


def section(lang: str, proof: xl.FusionProof) -> str:
    """The figures with their intervals, mean weights, and the verdict."""
    rows = []
    for name in proof.names:
        own = {m.name: str(m).split(": ", 1)[1] for m in proof.measures if m.about["method"] == name}
        rows.append([name, *(own[figure] for figure in FIGURES)])
    counts = Counter(proof.documents)
    fitted, judged = (", ".join(proof.about[key]) for key in ("fitted on", "judged on"))
    size = f"{len(proof.entities)} entities of {len(counts)} documents"
    head = f"**{lang}**: {size}; fitted on edits of {fitted}, judged on {judged}.\n\n"
    weights = ", ".join(f"{w:.2f}" for w in proof.weights.mean(axis=0))
    told = "".join(f"- {line}\n" for line in proof.verdict)
    return f"{head}{results.table(['method', *FIGURES], rows)}\nMean weights in that order: {weights}\n\n{told}"


if __name__ == "__main__":
    main()
