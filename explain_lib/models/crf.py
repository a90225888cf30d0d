"""Linear-chain CRFs: the exact probability that their decoder returns one span.

Tag sequences are drawn with weight exp(Σ logits + Σ transitions); a span's probability is the weight of all sequences
that the plain decoder reads as holding exactly this span, divided by the weight of all (forward and backward passes
over the chain; Lafferty, McCallum & Pereira 2001). A window is a text of its own for targets, as it is for the network;
predictions run one chain over the whole text, each position's logits from the window that owns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from explain_lib.core import Score

from .chain import Chain
from .odds import score_of
from .tag_events import ContrastEvent, MarginEvent, OutsideEvent, SpanEvent, TagEvent
from .tag_patterns import TagPattern
from .tagging import TagDecoder
from .transitions import Transitions, best_path

ROWS = 512
"""Rows whose chains are held at once."""
LANES = 8
"""Products of matrices round the rows beyond a multiple of this otherwise, at the sixteenth digit."""


@dataclass(frozen=True)
class CrfDecoder(TagDecoder):
    """Reads spans off the likeliest tag sequence under transition weights, learned or fixed."""

    transitions: Transitions = field(kw_only=True)

    @property
    def name(self) -> str:
        """The spelling; "-viterbi" where all illegal neighbours are forbidden, "-crf" where weights are learned."""
        illegal = np.isneginf(Transitions.legal(self.scheme).matrix[:-1])
        own = self.transitions.matrix[:-1]
        is_legal = bool(illegal.any() and np.isneginf(own[illegal]).all())
        spelling = f"{self.scheme.name.lower()}-viterbi" if is_legal else super().name
        return spelling if is_legal and not own[~np.isneginf(own)].any() else f"{spelling}-crf"

    def scores(self, logits: Tensor, events: Sequence[TagEvent], score: Score) -> Tensor:
        """float64[n, events] from logits float64[n, positions, tags]; NaN positions are positions a row removed.

        Contrasts are differences of log-probabilities and margins are log-odds of marginals, whatever `score` says.
        NaN for a row that has removed a position of the event. The two passes over a chain serve all events.
        """
        chains = (Chain(block, self.transitions) for block in _filled(logits.cpu().double()).split(ROWS))
        return torch.cat([
            torch.stack([self._scored(chain, event, score) for event in events], dim=1) for chain in chains
        ])[: len(logits)]  # fmt: skip

    def check(self, event: TagEvent, n_positions: int) -> None:
        """Refuse what no allowed tag sequence has, or every one: its log-odds are infinite whatever the logits say."""
        if not self._forbids_more:
            return
        chain = Chain(torch.zeros(1, n_positions, len(self.scheme.tags), dtype=torch.float64), self.transitions)
        parts = (event.event, event.other) if isinstance(event, ContrastEvent) else (event,)
        for part in parts:
            if not bool(torch.isfinite(self._log_odds(chain, part)).all()):
                what = f"the {part.side} margin" if isinstance(part, MarginEvent) else _in_words(part)
                raise ValueError(
                    f"the forbidden transitions of the model decide {what} whatever the text says, so there is "
                    "nothing to explain; ask about another span, label or contrast."
                )

    @property
    def _forbids_more(self) -> bool:
        """Whether more is forbidden than the scheme asks for: all that it can spell is possible elsewhere."""
        legal = Transitions.legal(self.scheme).matrix
        return bool((np.isneginf(self.transitions.matrix) & ~np.isneginf(legal)).any())

    def best_tags(self, logits: Tensor) -> list[int]:
        """The likeliest tag sequence of logits [positions, tags] without gaps."""
        return best_path(logits.cpu().numpy(), self.transitions)

    def _scored(self, chain: Chain, event: TagEvent, score: Score) -> Tensor:
        match event:
            case ContrastEvent(plain, other):
                return logsigmoid(self._log_odds(chain, plain)) - logsigmoid(self._log_odds(chain, other))
            case MarginEvent():
                return self._log_odds(chain, event)
        return score_of(self._log_odds(chain, event), score)

    def _log_odds(self, chain: Chain, event: SpanEvent | OutsideEvent | MarginEvent) -> Tensor:
        pattern = TagPattern.of(event, self)
        log_odds = chain.log_odds(pattern)
        span = event.span if isinstance(event, MarginEvent) else event
        if pattern.first > span.last:  # a right margin: 0 where nothing follows, as with softmax tags
            log_odds = torch.where(chain.present[:, pattern.first :].any(1), log_odds, 0.0)
        return torch.where(chain.present[:, span.first : span.last + 1].all(1), log_odds, torch.nan)


def _in_words(event: SpanEvent | OutsideEvent) -> str:
    n = event.last - event.first + 1
    where = f"the {n} label position{'' if n == 1 else 's'} here"
    what = f"make one {event.kind!r}" if isinstance(event, SpanEvent) else "hold no entity"
    return f"whether {where} {what}"


def _filled(logits: Tensor) -> Tensor:
    """Rows up to a multiple of LANES, the first one repeated, so that a row's score does not depend on its company."""
    return torch.cat([logits, logits[:1].expand(-len(logits) % LANES, -1, -1)])
