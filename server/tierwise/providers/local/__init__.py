"""The provider that asks nobody: what the workspace itself already says, at no cost."""

from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.exchange import Exchange
from tierwise.core.prompt import Fim
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError, Usage
from tierwise.core.text import Position, Text

from .answers import ANSWERS

if TYPE_CHECKING:
    from tierwise.providers import Endpoint
    from tierwise.workspace.usage import Usage as Names

    from .predictor import Predictor


def open(endpoint: "Endpoint") -> "Local":  # noqa: A001
    """Return the provider; until somebody gives it a ``predictor`` with a workspace, it knows the open file only."""
    return Local(endpoint.name)


class Local:
    """Completes with what ``predictor`` is sure of, tells what ``names`` knows, and is silent where it is not sure."""

    def __init__(
        self,
        name: str,
        predictor: "Predictor | None" = None,
        precision: float | None = None,
        names: "Names | None" = None,
    ) -> None:
        self.name = name
        self.predictor = predictor
        self.precision = precision
        self.names = names

    async def ask(self, exchange: Exchange) -> None:
        """Say the prediction, or nothing; raises ``ProviderError`` for prompts that want more than a completion."""
        prompt = exchange.prompt
        if not isinstance(prompt, Fim):
            raise ProviderError(
                Failure(kind=FailureKind.DECLINED, message="the local tier only completes code; choose another tier")
            )
        exchange.sent, exchange.usage, exchange.resolved = True, Usage(), exchange.model.name
        text = self._answer(prompt)
        if text is None:
            raise ProviderError(Failure(kind=FailureKind.SILENT, message="The workspace does not say it surely."))
        exchange.say(text)
        exchange.finish = Finish.STOP if exchange.finish is not Finish.ENOUGH else exchange.finish

    async def warm(self) -> None:
        """Load numpy and the calibration."""
        self._opened().warm()

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, prompt: Fim) -> str | None:
        if prompt.kind in ANSWERS:
            return ANSWERS[prompt.kind](prompt, self.names)
        if prompt.kind == "words":
            likely = self._opened().words(*_place(prompt))
            return "\n".join(word.text for word in likely) or None
        prediction = self._opened().predict(*_place(prompt), self.precision)
        return prediction.text if prediction else None

    def _opened(self) -> "Predictor":
        if self.predictor is None:
            from tierwise.workspace.corpus import Corpus

            from .predictor import Predictor

            self.predictor = Predictor(Corpus())
        return self.predictor


def _place(prompt: Fim) -> tuple[Document, Position]:
    """Return the hole in its document; a prompt without one is taken for all there is of the file."""
    if prompt.document is not None and prompt.place is not None:
        return prompt.document, prompt.place
    text = Text.of(prompt.prefix + prompt.suffix)
    document = Document(uri=prompt.path, version=None, language=prompt.language, text=text)
    return document, text.position(len(prompt.prefix))
