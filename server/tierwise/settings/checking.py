"""Settings of how answers are checked, and of how good they must be."""

from typing import Annotated, Literal

from pydantic import Field

from .section import KindName, Section, TierName
from .values import AbsolutePath, Dollars, PathInProject

Word = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class ChecksSettings(Section):
    """What looks at answers, and what it may run."""

    trusted_workspaces: tuple[AbsolutePath, ...] = Field(
        default=(),
        strict=False,
        description="Folders whose code may be run: their own tools, tests and builds. All that is below them counts.",
        examples=[["~/projects"]],
    )

    types: bool = Field(
        default=True,
        description="Whether the type checker that the project uses (pyright, mypy, tsc or go vet) looks at each "
        "answer.",
    )
    run_tests: bool = Field(
        default=False,
        description="Whether the project's tests that touch the changed files are run, on a copy that is shut in.",
    )
    test_command: tuple[Word, ...] = Field(
        default=(),
        strict=False,
        description="Program and arguments that run the tests, where pytest does not. Exit code 0: they pass.",
        examples=[["npm", "test"]],
    )
    build_command: tuple[Word, ...] = Field(
        default=(),
        strict=False,
        description="Program and arguments that build the project; run where `run_tests` is on.",
        examples=[["make"]],
    )
    unconfined: bool = Field(
        default=False,
        description="Whether tests may run where the system cannot shut them in (no user namespaces): limits of time "
        "and memory hold there too, but the network and your files are within reach.",
    )
    types_seconds: float = Field(default=20.0, gt=0, le=600, description="Seconds a type checker may take.")
    tests_seconds: float = Field(default=60.0, gt=0, le=3600, description="Seconds a test run or a build may take.")
    memory_mb: int = Field(default=4096, ge=64, description="Megabytes a process of a test run or build may have.")


class RoutingSettings(Section):
    """The way to decide, and how good is good enough."""

    mode: Literal["rules", "cascade", "learned"] = Field(
        default="learned",
        description="`rules`: the rules alone. `cascade`: where an answer can be checked, cheap tiers try first and "
        "dearer ones follow while it fails; the rules elsewhere. `learned`: the same, until enough of your answers are "
        "known to decide by what they cost and how often they were good.",
    )
    quality: Share = Field(
        default=0.5,
        description="What you want, between cheap (0) and good (1). Up to 0.25 the cascade begins with the cheapest "
        "tier and ends where the rules would begin; from 0.75 it never begins below that.",
    )
    accept_at: Share = Field(
        default=0.8, description="The quality from 0 to 1 that an answer must reach, by its checks, to be kept."
    )
    thresholds: dict[KindName, dict[TierName, Share]] = Field(
        default_factory=dict,
        description="The same by task kind and tier, where they shall differ.",
        examples=[{"fix": {"fast": 0.9}}],
    )
    wait_cost: Dollars = Field(
        default=0.0,
        description="Dollars that a second of waiting is worth to you: where it has learned, it weighs the time that "
        "models took like money, for what you wait for.",
        examples=[0.001],
    )
    triage: bool = Field(
        default=True,
        description="Whether a fast model is asked how hard it is where you write an instruction in your own words.",
    )
    team_policy: PathInProject | None = Field(
        default=None,
        description="Policy file with what your team has learned, as `tierwise tune --out` writes it. It counts for at "
        "most 40 outcomes of a model, so that your own outweigh it as they come. A project's own file may name one "
        "inside the project.",
        examples=["~/team/policy.json"],
    )
