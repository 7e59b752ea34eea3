"""Settings of who shall answer: overrides by feature and task kind, and rules."""

from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from tierwise.core.options import Options

from .section import KindName, Known, ModelRef, Section, TierName, one_of, suggestion, wrong

FACTS = ("kind", "belongs", "feature", "language", "files", "lines", "diagnostics", "output")
"""What a rule's reason may speak of as ``{fact}``."""


class OverrideSettings(Section):
    """Wishes that win over every rule; what is left out is decided as usual."""

    enabled: bool = Field(default=True, description="Whether it is offered at all.")
    tier: TierName | None = Field(
        default=None, description="Tier that always answers.", examples=["local", "fast", "mid", "frontier"]
    )
    model: ModelRef | None = Field(
        default=None,
        description="Model that always answers, as `provider/model`; wins over `tier`.",
        examples=["anthropic/claude-haiku-4-5"],
    )
    deadline: float | None = Field(
        default=None, gt=0, le=3600, description="Seconds after which an answer comes too late to be shown."
    )
    max_output_tokens: int | None = Field(default=None, gt=0, description="Tokens an answer may have.")
    temperature: float | None = Field(
        default=None, ge=0, le=2, description="How freely the model chooses its words: 0 is always the likeliest."
    )

    fallback: Literal["up", "down", "none"] | None = Field(
        default=None,
        description="Where to look for an answer where every model that should give it fails: in dearer tiers first "
        "(`up`), in cheaper ones only (`down`), nowhere (`none`). Without it, `up` for what you choose yourself, "
        "`down` for what the editor asks for while you type, and `none` where a tier or a model is pinned.",
    )

    def options(self) -> Options:
        """Return the wishes as the engine reads them; switched off anywhere is off."""
        return Options(
            enabled=None if self.enabled else False,
            tier=self.tier,
            model=self.model,
            deadline=self.deadline,
            max_output=self.max_output_tokens,
            temperature=self.temperature,
            fallback=self.fallback,
        )


class FeatureSettings(OverrideSettings):
    """One thing an editor can ask for."""


class TaskSettings(OverrideSettings):
    """One kind of task, whatever feature it serves; wins over the feature's settings."""


class FeaturesSettings(Section):
    """What an editor can ask for."""

    inline_completion: FeatureSettings = Field(
        default=FeatureSettings(), description="Ghost text at the cursor while typing."
    )
    completion: FeatureSettings = Field(
        default=FeatureSettings(),
        description="The same suggestions and single words in the completion list, for editors without ghost text.",
    )
    hover: FeatureSettings = Field(default=FeatureSettings(), description="What the symbol under the cursor is.")
    code_action: FeatureSettings = Field(
        default=FeatureSettings(), description="The light bulb: generate a docstring, fix a problem."
    )
    command: FeatureSettings = Field(
        default=FeatureSettings(), description="What is asked for by name: a commit message, a review, an edit."
    )
    diagnostics: FeatureSettings = Field(
        default=FeatureSettings(), description="Defects found by models, shown beside those of linters."
    )


FEATURES = tuple(FeaturesSettings.model_fields)


def _feature(value: str, info: ValidationInfo) -> str:
    return one_of(value, FEATURES, "feature") if isinstance(info.context, Known) else value


def _template(value: str) -> str:
    """Refuse what ``str.format`` would do beyond putting a fact in its place: reach into objects, pad without end."""
    try:
        fields = [part[1:] for part in Formatter().parse(value) if part[1] is not None]
    except ValueError:
        raise wrong("a brace is not closed", "Write {fact}, or {{ and }} for braces themselves.") from None
    for name, spec, conversion in fields:
        if spec or conversion:
            raise wrong("a fact cannot be formatted", "Write {fact} and nothing more inside the braces.")
        if name not in FACTS:
            raise wrong(f'there is no fact "{name}"', suggestion(str(name), FACTS))
    return value


_LISTED = Field(min_length=1, strict=False)
FeatureName = Annotated[str, AfterValidator(_feature), Field(json_schema_extra={"enum": list(FEATURES)})]


class ConditionSettings(Section):
    """What must hold, all of it, for a rule to decide; a list holds where one of its items fits."""

    kinds: Annotated[tuple[KindName, ...], _LISTED] | None = Field(
        default=None, description="Task kinds.", examples=[["docstring", "fix"]]
    )
    belongs: Annotated[tuple[TierName, ...], _LISTED] | None = Field(
        default=None, description="Tiers that task kinds are at home in.", examples=[["fast"]]
    )
    features: Annotated[tuple[FeatureName, ...], _LISTED] | None = Field(
        default=None, description="Features of the editor that ask.", examples=[["inline_completion"]]
    )
    languages: Annotated[tuple[str, ...], _LISTED] | None = Field(
        default=None, description="Language identifiers as editors send them.", examples=[["python", "typescriptreact"]]
    )
    files_over: int | None = Field(default=None, ge=0, description="More files than this are concerned.")
    lines_over: int | None = Field(default=None, ge=0, description="The document has more lines than this.")
    diagnostics_over: int | None = Field(default=None, ge=0, description="More problems than this are reported there.")
    output_over: int | None = Field(default=None, ge=0, description="More tokens than this are expected back.")
    output_under: int | None = Field(default=None, gt=0, description="Fewer tokens than this are expected back.")

    def any_of(self) -> Mapping[str, tuple[str, ...]]:
        """Return the values each fact may have."""
        given = {"kind": self.kinds, "belongs": self.belongs, "feature": self.features, "language": self.languages}
        return {fact: values for fact, values in given.items() if values is not None}

    def over(self) -> Mapping[str, float]:
        """Return the bounds that facts must exceed."""
        given = {
            "files": self.files_over,
            "lines": self.lines_over,
            "diagnostics": self.diagnostics_over,
            "output": self.output_over,
        }
        return {fact: bound for fact, bound in given.items() if bound is not None}

    def under(self) -> Mapping[str, float]:
        """Return the bounds that facts must stay below."""
        return {} if self.output_under is None else {"output": self.output_under}


class RuleSettings(Section):
    """Who answers where some conditions hold. The first rule that fits decides."""

    name: str = Field(min_length=1, description="What it is called; a rule of the same name further up replaces it.")
    enabled: bool = Field(default=True, description="Whether it is looked at.")
    when: ConditionSettings = Field(
        default=ConditionSettings(), description="Conditions, all of which must hold. Without any, it always fits."
    )
    tier: TierName | None = Field(default=None, description="Tier that answers.", examples=["fast", "mid", "frontier"])
    ladder: Annotated[tuple[TierName, ...], _LISTED] | None = Field(
        default=None,
        description="Instead of `tier`: tiers to climb while answers are not good enough.",
        examples=[["fast", "mid", "frontier"]],
    )
    reason: Annotated[str, AfterValidator(_template)] = Field(
        default="",
        max_length=500,
        description=f"Why, as a sentence; may hold {', '.join(f'`{{{fact}}}`' for fact in FACTS)}. "
        "Without it, the rule's name.",
        examples=["{files} files are more than 5."],
    )

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.enabled and (self.tier is None) == (self.ladder is None):
            raise wrong("a rule names either a tier or a ladder", 'Write tier = "fast", or ladder = ["fast", "mid"].')
        return self

    def rungs(self) -> tuple[str, ...]:
        """Return the tiers to climb, the first one first."""
        return self.ladder or ((self.tier,) if self.tier else ())

    def sentence(self) -> str:
        """Return the reason as a template."""
        plain = self.name.replace("{", "{{").replace("}", "}}")
        return self.reason or f'Your rule "{plain}" says so.'


RULES = (
    RuleSettings(
        name="frontier kinds",
        when=ConditionSettings(belongs=("frontier",)),
        tier="frontier",
        reason="Tasks of the kind {kind} need the frontier tier.",
    ),
    RuleSettings(
        name="many files",
        when=ConditionSettings(files_over=5),
        tier="frontier",
        reason="{files} files are concerned, more than 5.",
    ),
    RuleSettings(
        name="completions",
        when=ConditionSettings(kinds=("autocomplete",)),
        ladder=("local", "fast"),
        reason="The workspace itself is asked first, which costs nothing; a fast model only where it is not sure.",
    ),
    RuleSettings(
        name="words",
        when=ConditionSettings(belongs=("local",)),
        tier="local",
        reason="What the workspace itself says costs nothing.",
    ),
    RuleSettings(
        name="fast kinds",
        when=ConditionSettings(belongs=("fast",)),
        tier="fast",
        reason="Tasks of the kind {kind} are done well by the fast tier.",
    ),
    RuleSettings(
        name="short answers",
        when=ConditionSettings(output_under=200),
        tier="fast",
        reason="About {output} tokens are expected, fewer than 200.",
    ),
    RuleSettings(name="otherwise", tier="mid", reason="Nothing speaks for a cheaper or a dearer tier than mid."),
)
"""The rules that stand last, unless the user replaces them by name."""
