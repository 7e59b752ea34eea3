"""What is known about models: prices, windows, skills, and which model of a vendor serves which tier."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self, cast

from tierwise.core.model import Model, Price, Skills

Table = dict[str, Any]

WINDOW = 128_000
"""Tokens, for models nobody has heard of: what the smallest of the vendors' current ones take."""

FREE = (0.0, 0.0, 0.0, 0.0)

SUFFIXES = re.compile(r"([-@](\d{8}|\d{4}-\d{2}-\d{2}|latest)|-preview(-\d{2}-\d{4})?|:latest)$")
"""What vendors put behind a model's name for its dated issues: -20251001, -2024-11-20, @20251001, -latest, -preview."""

GATEWAY_KEEPS = frozenset({"json", "reasoning", "temperature", "stop", "reserve", "edit"})
"""Skills that stay a model's own behind somebody else's endpoint; the others belong to its vendor's interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Open models recognised by a part of their name."""

    match: tuple[str, ...]
    fim: str | None
    code: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One section of the data file."""

    name: str
    defaults: Mapping[str, str]
    aliases: Mapping[str, str]
    skills: Mapping[str, Any]
    models: Mapping[str, Table]
    free: bool
    fim: str | None
    window: int
    batch: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The data file with the user's own models on top; immutable."""

    as_of: str
    source: str
    vendors: Mapping[str, Vendor]
    families: tuple[Family, ...]
    extra: Mapping[str, Model] = field(default_factory=dict[str, Model])
    """The user's models by ``provider/name``; they win."""

    @classmethod
    def load(cls, extra: Iterable[Model] = ()) -> Self:
        """Return the catalogue with the user's models in it; the file is read once per process."""
        shipped = _shipped()
        return cls(
            as_of=shipped.as_of,
            source=shipped.source,
            vendors=shipped.vendors,
            families=shipped.families,
            extra={model.ref: model for model in extra},
        )

    def find(self, provider_name: str, provider_type: str, name: str) -> Model:
        """Return the model that ``name`` means at this provider: an alias, a dated issue, or any name at all.

        A model nobody has heard of works: its price is None and its skills are those that its interface has anywhere.
        """
        vendor = self._vendor(provider_name, provider_type)
        if vendor is not None:
            name = self._unaliased(vendor, name)
        own = self.extra.get(f"{provider_name}/{name}") or self.extra.get(f"{provider_name}/{SUFFIXES.sub('', name)}")
        if own is not None:
            return replace(own, name=name)
        if vendor is not None and (entry := _entry(vendor, name)) is not None:
            return self._listed(vendor, provider_name, name, entry)
        if vendor is None:
            elsewhere = self._elsewhere(provider_name, provider_type, name)
            if elsewhere is not None:
                return elsewhere
        return self._unlisted(vendor, provider_name, name)

    def defaults(self, vendor: str) -> Mapping[str, str]:
        """Return the vendor's model for each tier; empty for a vendor that is not in the catalogue."""
        found = self.vendors.get(vendor)
        return found.defaults if found else {}

    def is_code(self, name: str) -> bool:
        """Say whether an open model of this name is made for code."""
        family = self._family(name)
        return family is not None and family.code

    def is_fim(self, name: str) -> bool:
        """Say whether an open model of this name can fill a hole."""
        family = self._family(name)
        return family is not None and family.fim is not None

    def _vendor(self, provider_name: str, provider_type: str) -> Vendor | None:
        """Return whose models these are: the provider's name says it, else an interface that only one vendor has."""
        named = self.vendors.get(provider_name)
        if named is not None or provider_type == "openai":
            return named
        return self.vendors.get(provider_type)

    def _unaliased(self, vendor: Vendor, name: str) -> str:
        key = name.strip().lower().replace(" ", "-")
        if f"{vendor.name}/{name}" in self.extra or name in vendor.models:
            return name
        return vendor.aliases.get(key) or (key if key in vendor.models else name)

    def _family(self, name: str) -> Family | None:
        lower = name.lower()
        return next((family for family in self.families if any(part in lower for part in family.match)), None)

    def _listed(self, vendor: Vendor, provider_name: str, name: str, entry: Table) -> Model:
        return Model(
            name=name,
            provider=provider_name,
            price=_price(entry, self.as_of),
            window=entry["window"],
            max_output=entry["max_output"],
            skills=Skills(**{**vendor.skills, **entry.get("skills", {})}),
            batch=vendor.batch,
        )

    def _elsewhere(self, provider_name: str, provider_type: str, name: str) -> Model | None:
        """Return a vendor's model that somebody else serves, whose price is known only where it is the vendor's own."""
        bare = name.rpartition("/")[2]
        for vendor in self.vendors.values():
            entry = _entry(vendor, bare)
            if entry is None:
                continue
            model = self._listed(vendor, provider_name, name, entry)
            if vendor.name == provider_type and bare == name:
                return model
            own = {**vendor.skills, **entry.get("skills", {})}
            return replace(
                model,
                price=None,
                skills=Skills(**{key: own[key] for key in GATEWAY_KEEPS.intersection(own)}),
                batch=None,
            )
        return None

    def _unlisted(self, vendor: Vendor | None, provider_name: str, name: str) -> Model:
        family = self._family(name)
        fim = family.fim if family else None
        skills = Skills(**(vendor.skills if vendor else {}))
        if vendor is not None and vendor.fim and fim:
            fim = vendor.fim
        price = _price({"price": FREE}, self.as_of) if vendor is not None and vendor.free else None
        return Model(
            name=name,
            provider=provider_name,
            price=price,
            window=vendor.window if vendor else WINDOW,
            skills=replace(skills, fim=fim) if fim else skills,
        )


def _entry(vendor: Vendor, name: str) -> Table | None:
    name = name.removeprefix("models/")  # as Google names them in its answers
    return vendor.models.get(name) or vendor.models.get(SUFFIXES.sub("", name))


def _price(entry: Table, as_of: str) -> Price:
    beyond = cast("Table | None", entry.get("beyond"))
    input_, output, read, write = entry["price"]
    return Price(
        input=input_,
        output=output,
        cache_read=read,
        cache_write=write,
        as_of=as_of,
        up_to=beyond["up_to"] if beyond else None,
        beyond=_price(beyond, as_of) if beyond else None,
    )


@cache
def _shipped() -> Catalogue:
    data = tomllib.loads(files(__package__ or __name__).joinpath("catalogue.toml").read_text("utf-8"))
    as_of, source, families = data.pop("as_of"), data.pop("source"), data.pop("family")
    return Catalogue(
        as_of=as_of,
        source=source,
        vendors={name: _read_vendor(name, table) for name, table in data.items()},
        families=tuple(
            Family(match=tuple(entry["match"]), fim=entry.get("fim"), code=entry.get("code", False))
            for entry in families
        ),
    )


def _read_vendor(name: str, table: Table) -> Vendor:
    return Vendor(
        name=name,
        defaults=table.get("defaults", {}),
        aliases=table.get("aliases", {}),
        skills=table.get("skills", {}),
        models=table.get("models", {}),
        free=table.get("free", False),
        fim=table.get("fim"),
        window=table.get("window", WINDOW),
        batch=table.get("batch"),
    )
