"""How documentation is written in each style: facts in, lines out, with comment marks and without indentation."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is written, with its stars, and its type where it has one."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a signature and its body tell; ``result`` is a type, ``?`` for one that is not written, or empty."""

    name: str
    is_type: bool
    parameters: tuple[Parameter, ...]
    result: str
    yields: bool
    raises: tuple[str, ...]


def write(facts: Facts, style: str) -> list[str]:
    """Return the documentation's lines in a style: google, numpy, sphinx, jsdoc, javadoc, xml, yard, plain, go or
    rust.
    """
    return _WRITERS[style](facts)


def in_words(name: str) -> str:
    """Return an identifier as lower-case words; abbreviations stay as they are."""
    words = _WORDS.findall(name)
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words) or name


def summary(facts: Facts) -> str:
    """Return one sentence made of the name: ``get_user`` is ``Return the user.``."""
    words = in_words(facts.name)
    if facts.name in {"__init__", "constructor"}:
        return "Set up the object."
    first, _, rest = words.partition(" ")
    if not facts.is_type and rest and first in {"is", "has", "can", "should"}:
        return f"Return whether it {words}."
    if not facts.is_type and rest and first == "get":
        return f"Return the {rest}."
    return words[0].upper() + words[1:] + "."


def _meaning(parameter: Parameter) -> str:
    return f"The {in_words(parameter.name)}."


def _outcome(facts: Facts) -> str:
    """Return what is known of the result: its type, else only that there is one."""
    return "The result." if facts.result == "?" else f"`{facts.result}`."


def _quoted(lines: list[str]) -> list[str]:
    if len(lines) == 1:
        return [f'"""{lines[0]}"""']
    return [f'"""{lines[0]}', *lines[1:], '"""']


def _google(facts: Facts) -> list[str]:
    lines = [summary(facts)]
    if facts.parameters:
        lines += ["", "Args:", *(f"    {one.name}: {_meaning(one)}" for one in facts.parameters)]
    if facts.result:
        lines += ["", "Yields:" if facts.yields else "Returns:", f"    {_outcome(facts)}"]
    if facts.raises:
        lines += ["", "Raises:", *(f"    {name}: {_when(name)}" for name in facts.raises)]
    return _quoted(lines)


def _numpy(facts: Facts) -> list[str]:
    lines = [summary(facts)]
    if facts.parameters:
        lines += ["", "Parameters", "----------"]
        for one in facts.parameters:
            lines += [f"{one.name} : {one.type}" if one.type else one.name, f"    {_meaning(one)}"]
    if facts.result:
        title = "Yields" if facts.yields else "Returns"
        lines += ["", title, "-" * len(title), "object" if facts.result == "?" else facts.result, "    The result."]
    if facts.raises:
        lines += ["", "Raises", "------"]
        for name in facts.raises:
            lines += [name, f"    {_when(name)}"]
    return _quoted(lines)


def _sphinx(facts: Facts) -> list[str]:
    fields = [f":param {one.name.lstrip('*')}: {_meaning(one)}" for one in facts.parameters]
    if facts.result:
        fields.append(f":{'yields' if facts.yields else 'returns'}: {_outcome(facts)}")
    fields += [f":raises {name}: {_when(name)}" for name in facts.raises]
    return _quoted([summary(facts), "", *fields] if fields else [summary(facts)])


def _jsdoc(facts: Facts) -> list[str]:
    tags = [f"@param {one.name.lstrip('.')} - {_meaning(one)}" for one in facts.parameters]
    if facts.result:
        tags.append(f"@{'yields' if facts.yields else 'returns'} {_outcome(facts)}")
    tags += [f"@throws {{{name}}} {_when(name)}" for name in facts.raises]
    lines = [summary(facts), "", *tags] if tags else [summary(facts)]
    return ["/**", *(f" * {line}".rstrip() for line in lines), " */"]


def _javadoc(facts: Facts) -> list[str]:
    """Return what Javadoc, Doxygen and phpDocumentor read alike."""
    tags = [f"@param {one.name.lstrip('.&*')} {_meaning(one)}" for one in facts.parameters]
    if facts.result:
        tags.append("@return The result.")
    tags += [f"@throws {name} {_when(name)}" for name in facts.raises]
    lines = [summary(facts), "", *tags] if tags else [summary(facts)]
    return ["/**", *(f" * {line}".rstrip() for line in lines), " */"]


def _xml(facts: Facts) -> list[str]:
    lines = [f"<summary>{summary(facts)}</summary>"]
    lines += [f'<param name="{one.name}">{_meaning(one)}</param>' for one in facts.parameters]
    if facts.result:
        lines.append("<returns>The result.</returns>")
    lines += [f'<exception cref="{name}">{_when(name)}</exception>' for name in facts.raises]
    return [f"/// {line}" for line in lines]


def _yard(facts: Facts) -> list[str]:
    tags = [f"@param {one.name.lstrip('*&')} {_meaning(one)}" for one in facts.parameters]
    lines = [summary(facts), "", *tags] if tags else [summary(facts)]
    return [f"# {line}".rstrip() for line in lines]


def _plain(facts: Facts) -> list[str]:
    return [f"# {summary(facts)}"]


def _go(facts: Facts) -> list[str]:
    first, _, rest = in_words(facts.name).partition(" ")
    if facts.is_type:
        return [f"// {facts.name} is a {in_words(facts.name)}."]
    return [f"// {facts.name} {_third_person(first)}{' the ' + rest if rest else ''}."]


def _rust(facts: Facts) -> list[str]:
    lines = [summary(facts)]
    if facts.result.startswith("Result"):
        lines += ["", "# Errors", "", f"Returns an error as `{facts.result}` says."]
    return [f"/// {line}".rstrip() for line in lines]


def _when(error: str) -> str:
    """Return when an error is raised, which only its name tells."""
    return f"On {in_words(error.rsplit('.', 1)[-1])}."


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "z")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + "s"


_WRITERS: dict[str, Callable[[Facts], list[str]]] = {
    "google": _google,
    "numpy": _numpy,
    "sphinx": _sphinx,
    "jsdoc": _jsdoc,
    "javadoc": _javadoc,
    "xml": _xml,
    "yard": _yard,
    "plain": _plain,
    "go": _go,
    "rust": _rust,
}
