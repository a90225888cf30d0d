"""What the model finds in every document of the desk, read a batch at a time and kept."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from explain_lib.core import Document, Prediction, Span
from explain_lib.corpora.corrections import text_digest
from explain_lib.models import predict
from explain_lib.models.protocols import Tick

from ..desk import Desk

CHARACTERS = 1_500  # of text read at once: well under half a second
_KIND = "predictions"


class Reading:
    """Predictions of the documents from the first on; what was read once is known, in this session or in the store.

    `is_second`: by the second model of the desk.
    """

    def __init__(self, desk: Desk, is_second: bool = False) -> None:
        self.desk = desk
        self._model = desk.other if is_second and desk.other is not None else desk.model
        self._key = desk.other_key if is_second else desk.model_key
        self.predictions: list[Prediction] = []

    @property
    def documents(self) -> list[Document]:
        """The documents that were read."""
        return [self.desk.documents[at] for at in range(len(self.predictions))]

    @property
    def is_complete(self) -> bool:
        """Whether all documents were read."""
        return len(self.predictions) == len(self.desk.documents)

    def spans(self) -> dict[int, tuple[Span, ...]]:
        """The predicted spans by the number of their document."""
        return {at: one.spans for at, one in enumerate(self.predictions)}

    def ahead(self, tick: Tick, only_known: bool = False) -> Iterator[int]:
        """Read on from where it stopped; yields how many documents were read, after every batch.

        With `only_known` it stops at the first batch that the model would have to be asked for.
        """
        documents = self.desk.documents
        while not self.is_complete:
            tick(len(self.predictions), len(documents))
            batch = self._batch()
            key = (self._key, _digest(batch))
            found = self.desk.found(_KIND, key)
            if found is None:
                if only_known:
                    return
                found = tuple(predict(self._model, batch, progress=False))
                self.desk.put(_KIND, found, key)
            self.predictions += found
            yield len(self.predictions)
        tick(len(documents), len(documents))

    def _batch(self) -> list[Document]:
        """The next documents, up to about 1,500 characters of them."""
        batch: list[Document] = []
        for at in range(len(self.predictions), len(self.desk.documents)):
            batch.append(self.desk.documents[at])
            if sum(len(one.text) for one in batch) >= CHARACTERS:
                break
        return batch


def _digest(batch: list[Document]) -> str:
    return sha256(" ".join(map(text_digest, batch)).encode()).hexdigest()[:32]
