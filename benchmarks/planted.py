"""Does fusing help to find the words that decide in planted documents, and does a proof say so?

    python benchmarks/planted.py rankings|proof [--entities 20] [--langs zh nl en] [--out FOLDER]

Planted test documents under the planted model, context arm. *rankings*: members and every fusion of them rank the
context units by absolute score: recall among as many units as decide, and average precision, against the member that
is best in hindsight, the mean, and chance; members averaged over the text and its edits stand beside. *proof*:
`prove_fusion` in a quick setting. Priors are fitted to training documents, which share no template with those of the
test part. Means over entities, 95 % bootstrap over documents; each part writes its section of RESULTS.md. Stability:
planted_stability.py.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fusion as proofs
import numpy as np
import numpy.typing as npt

from known_truth import cell, entities, questions, ranking
from planted_choice import HEAD, Choice, summed
from results import machine, table, write_section

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.fusion import evidence_store
from explain_lib.fusion.blend import Blend, Fusion
from explain_lib.fusion.gather import Gathering
from explain_lib.fusion.smoothing import smoothed
from explain_lib.models.protocols import Model
from explain_lib.perturbation.streams import seed_for
from explain_lib.statistics import PairedComparison, compare_paired

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Row = tuple[str, float, float]
"""A document, recall and average precision."""

MEMBERS: tuple[Method, ...] = (
    xl.KernelShap(xl.PerUnit(8)), xl.Lime(xl.PerUnit(8)), xl.Occlusion(), xl.GradientInput(),
    xl.IntegratedGradients(steps=16),
)  # fmt: skip
NAMES = [type(member).__name__ for member in MEMBERS]
OVER_EDITS = [f"{name}, mean over edits" for name in NAMES]
ASKED = ("span", "left margin", "right margin")
RANDOM, MEAN = "random scores", "MeanFusion"
FIT, PROOF_FIT = 12, 8
FLOOR = 1e-5
"""Of the largest score: what rows of float32 may differ by in other batches."""
QUICK = xl.FusionCalibration(n_rows=64, n_near=8, n_edits=4, edit_budget=xl.PerUnit(4))


@dataclass(frozen=True)
class Found:
    """Rows of ranking by name and question; what each fusion told: weights by member, notes; choices by question."""

    rows: defaultdict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    weights: defaultdict[str, list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))
    notes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    choices: defaultdict[str, list[Choice]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, blends: Mapping[str, Blend]) -> None:
        """Keep what the fusions of one target say of themselves."""
        for name, blend in blends.items():
            members = [repr(member).split("(")[0] for member in blend.members]
            self.weights[name].append(dict(zip(members, blend.weights.tolist(), strict=True)))
            self.notes[name].append(blend.note)

    def names(self) -> list[str]:
        """Members, fusions, chance, in order."""
        return list(dict.fromkeys(name for name, _ in self.rows))

    def column(self, name: str, question: str, which: int) -> Floats:
        """float64[entities]: recall (1) or average precision (2)."""
        return np.array([row[which] for row in self.rows[name, question]], dtype=np.float64)


def asked(model: Model, document: xl.Document, k: int) -> tuple[xl.Query, dict[str, Bools]]:
    """All that is asked about an entity in one query of the context arm, and bool[active units] that decide each."""
    targets = {name: target for name, target in questions(document, k).items() if name in ASKED}
    span = xl.Query(model, document, [targets["span"]]).context()
    query = span.with_targets(list(targets.values()))
    truth = {name: xl.planted_truth(document, query.units, one)[query.active] for name, one in targets.items()}
    return query, truth


def fusions(prior: xl.FusionPrior) -> dict[str, Fusion]:
    """Every way of fusing, by name."""
    return {
        MEAN: xl.MeanFusion(), "RankFusion": xl.RankFusion(), "PrecisionFusion": xl.PrecisionFusion(),
        "GateFusion": xl.GateFusion(), "JointFusion": xl.JointFusion(), "JointFusion, prior": xl.JointFusion(prior),
        "JointFusion, prior, no mean over edits": xl.JointFusion(prior, averages_edits=False),
    }  # fmt: skip


def ranked(model: Model, lang: str, n: int, folder: Path) -> Found:
    """How members, fusions and chance rank what decides about `n` entities.

    All fusions read one evidence, that of JointFusion; `same_as_fuse` shows that this is what `xl.fuse` gives.
    """
    train = list(xl.planted_documents(lang, "train", FIT, 12))
    chosen = fusions(xl.fit_fusion(model, train, MEMBERS, folder / f"prior-{lang}", arms=("context",)))
    found = Found()
    for seed, (document, k) in enumerate(entities(lang, n)):
        query, truth = asked(model, document, k)
        file = folder / f"evidence-{lang}-{seed:03d}.npz"
        if not file.exists():
            gathering = Gathering(query, MEMBERS, xl.JointFusion().calibration, seed_for(seed, "explain"))
            evidence_store.write(file, gathering.gathered().evidence, ())
        evidence = evidence_store.read(file)[0]
        for (question, decides), one in zip(truth.items(), evidence, strict=True):
            blends = {name: fusion.blend(one) for name, fusion in chosen.items()}
            scored = dict(zip(NAMES, one.scores, strict=True)) | {name: b.scores for name, b in blends.items()}
            scored |= dict(zip(OVER_EDITS, smoothed(one).scores, strict=True))
            scored[RANDOM] = np.random.default_rng(seed).random(query.n_units)
            for name, scores in scored.items():
                found.rows[name, question].append((document.id, *ranking(scores[query.active], decides)))
            found.tell(blends)
            found.choices[question].append(Choice.of(one, decides))
        if seed == 0:
            same_as_fuse(query, chosen, blends, seed)
    return found


def same_as_fuse(query: xl.Query, chosen: Mapping[str, Fusion], blends: Mapping[str, Blend], seed: int) -> None:
    """Stop unless the blends of the last target are what `xl.fuse` makes of the members' attributions."""
    alone = [xl.explain(query, member, rng=seed) for member in MEMBERS]
    for name, fusion in chosen.items():
        there = xl.fuse(alone, query, fusion, rng=seed).scores[:, -1]
        if np.abs(there - blends[name].scores).max() > FLOOR * np.abs(there).max():
            raise RuntimeError(
                f"{name} differs from what xl.fuse gives: the folder of --out holds evidence of other settings or of "
                "an older version. Name a new folder."
            )


def figures(lang: str, found: Found) -> list[list[str]]:
    """A row a method: recall and average precision of each question."""
    return [
        [lang, name, *(cell(found.rows[name, question], which) for question in ASKED for which in (1, 2))]
        for name in found.names()
    ]


def best_members(found: Found) -> dict[str, str]:
    """For each question the member with the highest mean average precision."""
    return {q: max(NAMES, key=lambda name: float(np.mean(found.column(name, q, 2)))) for q in ASKED}


def gains(lang: str, found: Found) -> list[list[str]]:
    """A row a fusion: by how much its average precision exceeds that of the best member, and that of the mean."""
    rivals: dict[str, Callable[[str], str]] = {"best": best_members(found).__getitem__, "mean": lambda _: MEAN}
    return [
        [lang, name, *(gain(found, name, rival(q), q) for rival in rivals.values() for q in ASKED)]
        for name in found.names()
        if name not in (*NAMES, RANDOM)
    ]


def gain(found: Found, name: str, rival: str, question: str) -> str:
    """The mean of paired differences of average precision over documents, with its interval and the rival's name."""
    if name == rival:
        return "–"
    one = paired(found, name, rival, question)
    bounds = "" if one.interval is None else " ({:+.2f} to {:+.2f})".format(*one.interval)
    return f"{one.mean_difference:+.2f}{bounds}" + ("" if rival == MEAN else f" {rival}")


def paired(found: Found, name: str, rival: str, question: str) -> PairedComparison:
    """Average precision of two methods on the same entities."""
    both = (found.column(one, question, 2) for one in (name, rival))
    return compare_paired(*both, [row[0] for row in found.rows[name, question]])


def verdict(parts: Sequence[tuple[str, Found]], name: str) -> str:
    """In how many languages and questions a joint fusion is better or worse, as far as its interval tells."""
    said = []
    for rival, against in (
        ("the best member in hindsight", best_members),
        ("the mean", lambda _: dict.fromkeys(ASKED, MEAN)),
    ):
        pairs = [paired(found, name, against(found)[q], q).interval or (0.0, 0.0) for _, found in parts for q in ASKED]
        better, worse = sum(low > 0 for low, _ in pairs), sum(high < 0 for _, high in pairs)
        said.append(f"better than {rival} in {better} and worse in {worse} of {len(pairs)}")
    return f"- {name}: {'; '.join(said)}\n"


def told(lang: str, found: Found) -> str:
    """Mean weights of fusions over all targets, and how often a joint one kept to a single member."""
    lines = []
    for name, weights in found.weights.items():
        means = {m: float(np.mean([one.get(m, 0.0) for one in weights])) for m in weights[0]}
        alone = sum("no improvement found" in note for note in found.notes[name])
        said = f"; no improvement found for {alone} of {len(weights)}" if name.startswith("Joint") else ""
        lines.append(f"- {lang}, {name}: {', '.join(f'{m} {w:.2f}' for m, w in means.items())}{said}\n")
    return "".join(lines)


def proof(model: Model, lang: str, n: int, folder: Path) -> str:
    """Figures, weights and verdict of `prove_fusion`, fitted to the training part."""
    fit, judge = (list(xl.planted_documents(lang, part, n, 13)) for part, n in (("train", PROOF_FIT), ("test", n)))
    found = xl.prove_fusion(
        model, fit, judge, MEMBERS, folder / f"proof-{lang}", xl.JointFusion(calibration=QUICK),
        targets=proofs.first(1), settings=xl.ProofSettings(bound_rows=200, n_edits=3),
    )  # fmt: skip
    return proofs.section(lang, found)


def rankings_section(how: str, parts: Sequence[tuple[str, Found]]) -> str:
    """What RESULTS.md says of rankings."""
    head = ["language", "method", *(f"{q}: {what}" for q in ASKED for what in ("recall", "AUPRC"))]
    against = ["language", "method", *(f"{q}, against {rival}" for rival in ("best member", "mean") for q in ASKED)]
    how += (
        " Planted documents (test part) under the planted model, context arm; members "
        f"{', '.join(map(repr, MEMBERS))}, fusions with default settings, priors of {FIT} training documents a "
        "language. Deciding units (as in known_truth.py) ranked by absolute score. Mean over entities, 95 % bootstrap "
        "over documents."
    )
    scores = table(head, [row for lang, found in parts for row in figures(lang, found)])
    gained = table(against, [row for lang, found in parts for row in gains(lang, found)])
    hindsight = "AUPRC, paired differences over documents; the best member is known from this very table:"
    weights = "".join(told(lang, found) for lang, found in parts)
    orders = [[lang, q, *summed(found.choices[q])] for lang, found in parts for q in ASKED if found.choices[q]]
    faith = (f"infidelity of {' / '.join(NAMES)}, {which}" for which in ("all rows", "few hidden"))
    why = (
        "Why: the truth is what single swaps in the whole text turn, and a fusion is fitted to rows that hide half the "
        "text, on which most members lose nearly the same. Mean AUPRC of the member that infidelity picks, of the best "
        "member and of the best fixed mixture:"
    )
    chosen = table(["language", "question", *HEAD, *faith], orders)
    counted = "Languages and questions in which the whole interval lies on one side of 0:"
    counts = "".join(verdict(parts, name) for name in parts[0][1].weights)
    parted = [how, scores, hindsight, gained, counted, counts, "Mean weights over all targets:", weights, why, chosen]
    return "\n\n".join(part.strip() for part in parted)


def ran(options: argparse.Namespace) -> str:
    """The command and the machine."""
    asked = f"{options.part} --entities {options.entities} --langs {' '.join(options.langs)}"
    return f"`python benchmarks/planted.py {asked}`, {machine()}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["rankings", "proof"])
    parser.add_argument("--entities", type=int, default=20)
    parser.add_argument("--out", type=Path, help="keep what was asked of the model there, and go on from it")
    parser.add_argument("--langs", nargs="+", default=["zh", "nl", "en"])
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # of other libraries
    model, parts, proven = xl.planted_model(), [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.out or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for lang in options.langs:
            if options.part == "rankings":
                parts.append((lang, ranked(model, lang, options.entities, folder)))
                print(table([lang], [*figures(*parts[-1]), *gains(*parts[-1])]), told(*parts[-1]), flush=True)
            else:
                proven.append(proof(model, lang, options.entities, folder))
                print(proven[-1], flush=True)
    if parts:
        write_section("planted.py/rankings", rankings_section(ran(options), parts))
    else:
        quick = f"{ran(options)} `prove_fusion` with {QUICK!r}, 3 edits to judge on, one entity a document."
        write_section("planted.py/proof", "\n\n".join([quick, *proven]))


if __name__ == "__main__":
    main()
