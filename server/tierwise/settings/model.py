"""What a user may write: every setting with its type, its default and what it is for."""

from typing import Literal

from pydantic import Field

from tierwise.core.options import Overrides

from .actions import ActionSettings, OwnActionSettings
from .budget import BudgetSettings
from .checking import ChecksSettings, RoutingSettings
from .pool import PROVIDERS, ModelSettings, ProviderSettings, TierSettings
from .privacy import PrivacySettings
from .review import ReviewSettings
from .routing import FEATURES, RULES, FeatureSettings, FeaturesSettings, RuleSettings, TaskSettings
from .scopes import FolderSettings, LanguageSettings, narrower
from .section import KindName, ModelRef, OwnTierName, Section
from .suggestions import SuggestionSettings
from .values import AbsolutePath, ProviderName


class LedgerSettings(Section):
    """The record of what was decided and what it cost."""

    enabled: bool = Field(default=True, description="Whether it is kept. Without it there are no reports.")
    path: AbsolutePath | None = Field(
        default=None, description="File it is kept in. Without it, a file in the platform's place for data."
    )
    answers: bool = Field(
        default=True,
        description="Whether answers that would be the same again (hovers, docstrings) are kept beside it for all "
        "editors, enciphered with what was asked.",
    )


class LocalSettings(Section):
    """The free tier that predicts from the workspace's own text."""

    precision: float = Field(
        default=0.9,
        ge=0.5,
        le=0.99,
        description="The share of its suggestions that shall be exactly what follows. Higher says less and errs less. "
        "What you type instead of a suggestion moves the threshold until this share holds in the workspace.",
    )


class LogSettings(Section):
    """The server's log."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is written.")
    file: AbsolutePath | None = Field(
        default=None, description="File it is written to. Without it, a file in the platform's place for logs."
    )


class Settings(Section):
    """Everything that can be set."""

    tiers: dict[OwnTierName, TierSettings] = Field(
        default_factory=dict,
        description="Which models make up each tier. Tiers that are not written are filled with what is found: keys in "
        "the environment, servers on this machine.",
    )
    providers: dict[ProviderName, ProviderSettings] = Field(
        default=PROVIDERS,
        description="Where models are asked. The built-in ones can be changed here, and others added.",
    )
    models: dict[ModelRef, ModelSettings] = Field(
        default_factory=dict, description="Prices, limits and skills of models, by `provider/model`."
    )
    features: FeaturesSettings = Field(
        default=FeaturesSettings(), description="What is offered to the editor, and who answers it."
    )
    suggestions: SuggestionSettings = Field(
        default=SuggestionSettings(), description="When code is suggested at the cursor while you type, and how much."
    )
    actions: ActionSettings = Field(default=ActionSettings(), description="How the menu of code actions looks.")
    own_actions: dict[str, OwnActionSettings] = Field(
        default_factory=dict,
        description="Actions of your own by name: the menu offers them, the command `tierwise.run` takes their names.",
    )
    budget: BudgetSettings = Field(default=BudgetSettings(), description="How much may be spent.")
    privacy: PrivacySettings = Field(default=PrivacySettings(), description="What may leave this machine.")
    tasks: dict[KindName, TaskSettings] = Field(
        default_factory=dict, description="The same by kind of task; wins over the feature's settings."
    )
    languages: dict[str, LanguageSettings] = Field(
        default_factory=dict,
        description="Features as they shall be for documents of one language, by its identifier as editors send it.",
    )
    folders: dict[AbsolutePath, FolderSettings] = Field(
        default_factory=dict,
        description="Features as they shall be for documents below one folder, by its path; what is set for a language "
        "wins over it.",
    )
    rules: tuple[RuleSettings, ...] = Field(
        default=RULES,
        strict=False,
        description="Who answers what, where nothing is pinned: the first rule that fits decides. Rules that you write "
        "come before the built-in ones; one with the name of a built-in rule takes its place.",
    )
    routing: RoutingSettings = Field(
        default=RoutingSettings(), description="How it is decided who answers, where nothing is pinned."
    )
    checks: ChecksSettings = Field(default=ChecksSettings(), description="How answers are checked before you see them.")
    review: ReviewSettings = Field(
        default=ReviewSettings(), description="The search for defects that linters do not see, in files and workspaces."
    )
    local: LocalSettings = Field(
        default=LocalSettings(), description="Suggestions that cost nothing, because no model is asked."
    )
    ledger: LedgerSettings = Field(
        default=LedgerSettings(), description="What was decided and what it cost, kept for reports."
    )
    log: LogSettings = Field(
        default=LogSettings(), description="The server's log, which never holds code, prompts or keys."
    )

    def overrides(self) -> Overrides:
        """Return what is pinned for features and task kinds, as the engine reads it."""
        features = {name: self.feature(name).options() for name in FEATURES}
        own = {name: action.options() for name, action in self.own_actions.items()}
        kinds = {kind: task.options() for kind, task in self.tasks.items()}
        scopes = narrower(self.languages, self.folders)
        return Overrides(features=features, tasks={**own, **kinds}, narrower=scopes)

    def feature(self, name: str) -> FeatureSettings:
        """Return one feature's settings; raises ``AttributeError`` for a name that is not in ``FEATURES``."""
        chosen: FeatureSettings = getattr(self.features, name)
        return chosen


UNTRUSTED = ("tiers", "features", "tasks", "languages", "rules", "routing")
"""The only tables that a project's own file may write: choices among what the user has. Where requests go, what they
cost, which files are read and written is not a project's business, and a new setting is not until it is added here. The
one file it may name, a team's policy, is one of its own and tells nothing but how often models were right."""
