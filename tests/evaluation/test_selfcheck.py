"""A sound model passes its self-check; each kind of broken model fails the check that is meant for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explain_lib.core import Document
from explain_lib.evaluation import Check, SelfCheckReport, selfcheck
from explain_lib.evaluation.model_checks import rank_correlation
from explain_lib.evaluation.planted_rule import planted, worth
from explain_lib.models import toy
from explain_lib.perturbation import Query

TEXT = Document("An adverse event : severe lesion after the first dose .", lang="en")
SOUND = toy.planted_tagger().tagger


class Broken:
    """A model with one thing replaced."""

    def __init__(self, inner, **replaced):
        self.inner, self.replaced = inner, replaced

    def __getattr__(self, name):
        if name in ("inner", "replaced"):
            raise AttributeError(name)
        return self.replaced[name] if name in self.replaced else getattr(self.inner, name)


def depends_on_its_batch(rows):
    for indices, batch in SOUND.iter_outputs(rows):
        yield indices, batch * (1 + 0.01 * len(rows))


def depends_on_padding(rows):
    for indices, batch in SOUND.iter_outputs(rows):
        is_padded = (rows.ids[indices] == SOUND.vocabulary.pad).any(axis=1)[:, None, None]
        yield indices, batch + 0.1 * is_padded * (np.arange(batch.shape[2]) == 1)


def shifted(text):
    encoding = SOUND.encode(text)
    return replace(encoding, offsets=np.minimum(encoding.offsets + 2, len(text)))


def swaps_targets(outputs, events, score):
    return SOUND.score(outputs, list(events)[::-1], score)


def odds_for_probabilities(outputs, events, score):
    return SOUND.score(outputs, events, "log_odds" if score == "log_odds" else "log_prob")


def grows(outputs, events, score):
    """A score that remembers: no two calls agree."""
    grows.calls += 1
    return SOUND.score(outputs, events, score) + grows.calls


grows.calls = 0


def failed(model, text=TEXT):
    return {check.name for check in selfcheck(model, text).checks if check.passed is False}


@pytest.mark.parametrize("language", ["zh", "nl", "en"])
def test_a_sound_tagger_passes(language):
    report = selfcheck(SOUND, Document(toy.PLANTED[language].texts[1], language))
    assert report.passed, str(report)
    assert all(check.passed for check in report.checks if check.name != "explanation follows the weights")


def test_a_linear_tagger_passes_without_a_document():
    assert selfcheck(toy.linear_tagger().tagger).passed


def test_a_classifier_passes_and_its_decoder_is_checked():
    model, text = toy.bag_classifier().classifier, Document("no severe pain after the first dose")
    report = selfcheck(model, text)
    assert report.passed and report["decoder and score agree"].passed, str(report)

    def score(outputs, events, score):
        return model.score(outputs, events, "log_prob" if score == "probability" else score)

    assert "decoder and score agree" in failed(Broken(model, score=score), text)


@pytest.mark.parametrize(
    ("model", "check"),
    [
        (Broken(SOUND, iter_outputs=depends_on_its_batch), "batch invariance"),
        (Broken(SOUND, iter_outputs=depends_on_padding), "length invariance"),
        (Broken(SOUND, encode=shifted), "pieces stand where they say"),
        (Broken(SOUND, encode=shifted), "offsets cover the text"),
        (Broken(SOUND, randomized=lambda rng: SOUND), "explanation follows the weights"),
        (Broken(SOUND, score=odds_for_probabilities), "decoder and score agree"),
        (Broken(SOUND, score=grows), "all kept is the text itself"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_broken_model_fails(model, check):
    assert check in failed(model)


def test_a_wrong_gradient_is_found():
    def doubled(row, points, directions, events, score):
        found = SOUND.gradients(row, points, directions, events, score)
        return replace(found, products=2 * found.products)

    assert failed(Broken(SOUND, gradients=doubled)) == {"integrated gradients close their gap"}


def test_a_special_piece_counted_twice_breaks_the_planted_rule():
    assert "a planted rule is recovered" in failed(Broken(SOUND, n_prefix=2))


def test_a_model_too_large_to_copy_says_so():
    check = selfcheck(SOUND, TEXT, max_copy_bytes=10)["explanation follows the weights"]
    assert check.passed is None and "raise it to run this check" in check.meaning


def test_an_error_fails_the_check_and_leaves_the_text_out():
    def speaks(*_):
        raise RuntimeError(TEXT.text)

    report = selfcheck(Broken(SOUND, gradients=speaks), TEXT)
    assert report["integrated gradients close their gap"].meaning == "raised RuntimeError"
    assert "lesion" not in str(report)


def test_a_random_copy_leaves_the_model_alone():
    before = [weight.clone() for weight in SOUND.network.module.parameters()]
    other = SOUND.randomized(0)
    assert all((a == b).all() for a, b in zip(before, SOUND.network.module.parameters(), strict=True))
    assert any((a != b).any() for a, b in zip(before, other.network.module.parameters(), strict=True))
    assert SOUND.parameter_bytes == sum(w.numel() * w.element_size() for w in before)
    a, b = (SOUND.randomized(seed).network.module.embedding.weight for seed in (1, 1))
    assert (a == b).all()


def test_the_planted_truth_by_hand():
    query = Query(SOUND, TEXT, targets=[])
    spans = query.predict()[0].spans
    from explain_lib.core import Target

    asked, truth = planted(query.with_targets([Target(spans[0]), Target(spans[0])]))
    keep = np.ones((3, query.n_units), dtype=bool)
    keep[1, 1], keep[2, 0] = False, False
    values = asked.value(keep)
    row = SOUND.row(query.encoding, query.evaluations.windows[0]).ids[0]
    mask = worth(np.array([SOUND.vocabulary.mask]))[0]
    np.testing.assert_allclose(values[0] - values[1], [truth[1, 0], truth[1, 1]])
    np.testing.assert_allclose(truth[1, 0], worth(row[[2]])[0] - mask)
    np.testing.assert_allclose(values[0, 0] - values[2, 0], truth[0, 0] + 1.5)  # all of what is shared with the last


def test_rank_correlation_of_known_orders():
    a = np.arange(6.0)
    assert rank_correlation(a, 2 * a + 1) == pytest.approx(1)
    assert rank_correlation(a, -a) == pytest.approx(-1)
    assert rank_correlation(a, np.zeros(6)) == 0
    assert rank_correlation(np.zeros(6), np.zeros(6)) == 1


def test_a_report_reads_as_a_table_and_is_safe_as_html():
    checks = (
        Check("<b>first</b>", True, 0.5, 1.0, "fine"),
        Check("second", None, float("nan"), float("nan"), "why not"),
    )
    report = SelfCheckReport("a <script>model</script>", checks)
    assert report.passed and not SelfCheckReport("m", (replace(checks[0], passed=False),)).passed
    assert str(report).splitlines()[1].split() == ["passed", "<b>first</b>", "0.5", "(≤", "1)", "fine"]
    assert "not done" in repr(report)
    page = report._repr_html_()
    assert "<script>" not in page and "<b>" not in page and "&lt;script&gt;" in page
    with pytest.raises(KeyError, match="no check 'third'; there are"):
        report["third"]
