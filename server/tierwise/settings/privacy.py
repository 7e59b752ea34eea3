"""Settings of where code may go."""

from typing import Annotated

from pydantic import Field

from .section import Section
from .values import ProviderName


class PathSettings(Section):
    """Where the files of some paths may go. All rules count: what one of them keeps back stays back."""

    paths: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] = Field(
        description="Patterns as in .gitignore, below a workspace's root.", examples=[["src/crypto/**"]]
    )
    local_only: bool = Field(default=False, description="Only models on this machine get them.")
    never: Annotated[tuple[ProviderName, ...], Field(strict=False)] = Field(
        default=(), description="Providers that never get them.", examples=[["openai"]]
    )


class PrivacySettings(Section):
    """What may leave this machine. Files that look like secrets and files that ignore files name never do."""

    obey_ignore_files: bool = Field(
        default=True,
        description="Whether what .gitignore, .aiignore and .tierwiseignore name stays on this machine. Files with the "
        "names of keys and passwords always do.",
    )
    mask_secrets: bool = Field(
        default=True,
        description="Whether keys, tokens, private keys and passwords in the text are replaced before it leaves this "
        "machine, and put back in answers.",
    )
    rules: Annotated[tuple[PathSettings, ...], Field(strict=False)] = Field(
        default=(), description="What holds for the files of some paths."
    )
