"""Settings that hold for documents of one language, or below one folder, only."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from tierwise.core.options import Narrower, Options
from tierwise.core.uri import path_in

from .routing import FEATURES, FeatureSettings, FeaturesSettings
from .section import Section
from .values import AbsolutePath


class LanguageSettings(Section):
    """What holds for documents of one language."""

    features: FeaturesSettings = Field(
        default=FeaturesSettings(),
        description="What is otherwise there; what is left out is as it is for all documents.",
    )

    def options(self) -> dict[str, Options]:
        """Return the wishes by feature; what nobody wrote is no wish."""
        written = {name: getattr(self.features, name) for name in FEATURES if name in self.features.model_fields_set}
        return {name: _options(feature) for name, feature in written.items()}


class FolderSettings(LanguageSettings):
    """What holds for documents below one folder."""

    languages: dict[str, LanguageSettings] = Field(
        default_factory=dict, description="The same for the documents of one language there."
    )


def narrower(
    languages: Mapping[str, LanguageSettings], folders: Mapping[AbsolutePath, FolderSettings]
) -> tuple[Narrower, ...]:
    """Return all wishes that do not hold everywhere, the weakest first: a language is stronger than a folder, an inner
    folder than an outer one.
    """
    ordered = [(path_in(Path(path).as_uri()), folders[path]) for path in sorted(folders, key=len)]
    return (
        *(Narrower(folder=path, features=folder.options()) for path, folder in ordered),
        *_of(languages),
        *(replace(each, folder=path) for path, folder in ordered for each in _of(folder.languages)),
    )


def _of(languages: Mapping[str, LanguageSettings]) -> Iterator[Narrower]:
    for language, settings in languages.items():
        yield Narrower(language=language, features=settings.options())


def _options(feature: FeatureSettings) -> Options:
    """Return the wishes of a feature, which may also be switched on where it is off elsewhere."""
    options = feature.options()
    return replace(options, enabled=feature.enabled if "enabled" in feature.model_fields_set else None)
