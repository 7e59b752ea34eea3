"""Settings of code actions and commands, and the user's own ones."""

from typing import Annotated, Literal

from pydantic import Field

from tierwise.core.options import Options

from .section import ModelRef, Section, TierName

Place = Literal["selection", "lines", "definition", "stub", "inside", "word", "line", "file"]
CheckName = Literal[
    "not_empty", "changes_something", "parses", "lint_fatal", "complete", "same_code", "types", "tests", "judge"
]


class OwnActionSettings(Section):
    """An action of your own: a title, a prompt, and what becomes of the answer."""

    title: str = Field(min_length=1, max_length=80, description="What the menu says.", examples=["Log this call"])
    prompt: str = Field(
        min_length=1,
        description="What to do, in your words. The file, the selected part and what stands around it are added.",
        examples=["Add a structured log line at the start of the function, with its arguments."],
    )
    answer: Literal["selection", "changes", "text", "report"] = Field(
        default="selection",
        description="What the model answers: the new text of the selected lines or the definition at the cursor "
        "(`selection`), changes anywhere in the file (`changes`), a text that the command returns (`text`), or a "
        "document to read (`report`).",
    )
    tier: TierName | None = Field(default=None, description="Tier that answers. Without it, as rules say.")
    model: ModelRef | None = Field(default=None, description="Model that answers, as `provider/model`.")
    checks: Annotated[tuple[CheckName, ...], Field(strict=False)] = Field(
        default=("not_empty", "parses"), description="What an answer must pass."
    )
    on: Place = Field(default="selection", description="What must be at the cursor for the menu to offer it.")
    languages: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Languages it is offered for, as editors name them. Without any, all."
    )

    def options(self) -> Options:
        """Return who shall answer, as the engine reads it."""
        return Options(tier=self.tier, model=self.model)


class ActionSettings(Section):
    """Code actions and commands."""

    show_cost: bool = Field(
        default=False, description="Whether titles in the menu say which tier will answer and about what it will cost."
    )
    resolve: bool = Field(
        default=True,
        description="Whether the editor waits for an action that is chosen (`codeAction/resolve`). With `false` it "
        "runs as a command: for editors that stand still meanwhile, as Helix does.",
    )
