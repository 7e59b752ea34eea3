"""Every family's template is whole, and no text of the user's can open or close a hole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.prompt import Fim, Limits
from tierwise.providers.catalogue import Catalogue
from tierwise.providers.wire.fim import template, templates

FAMILIES = pytest.mark.parametrize("family", sorted(templates()))

MARKERS = sorted({marker for entry in templates().values() for marker in entry.markers})


def hole(prefix: str, suffix: str, context: str = "") -> Fim:
    """Return a hole between the two."""
    return Fim(
        prefix=prefix, suffix=suffix, language="python", path="a.py", limits=Limits(max_tokens=9), context=context
    )


@FAMILIES
def test_a_template_shows_all_it_is_given(family: str) -> None:
    bare = template(family).render(hole("BEFORE", "AFTER"))
    assert bare.count("BEFORE") == bare.count("AFTER") == 1
    full = template(family).render(hole("BEFORE", "AFTER", "BESIDE"))
    assert full.count("BEFORE") == full.count("AFTER") == full.count("BESIDE") == 1
    assert "{" not in bare + full


@FAMILIES
def test_braces_in_the_users_code_are_left_alone(family: str) -> None:
    assert "x = f'{prefix} {suffix}' {}" in template(family).render(hole("x = f'{prefix} {suffix}' {}", ""))


@FAMILIES
@given(st.lists(st.sampled_from([*MARKERS, "x", "\n", " "]), max_size=6).map("".join))
def test_markers_in_the_users_code_are_broken_up(family: str, text: str) -> None:
    plain, full = (template(family).render(hole(part, part, f"c{part}")) for part in ("", text))
    for marker in template(family).markers:
        assert full.count(marker) == plain.count(marker)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("qwen2.5-coder-7b-instruct-q4_k_m.gguf", "qwen2.5-coder"),
        ("Qwen/Qwen2.5-Coder-1.5B", "qwen2.5-coder"),
        ("starcoder2-3b", "starcoder2"),
        ("bigcode/starcoderbase-1b", "starcoder"),
        ("deepseek-coder-6.7b-base", "deepseek-coder"),
        ("codegemma-2b", "codegemma"),
        ("CodeLlama-7b-hf", "codellama"),
        ("granite-3.3-8b-base", "granite-3"),
        ("stable-code-3b", "stable-code"),
        ("llama-3.2-3b-instruct", None),
    ],
)
def test_a_served_model_gets_its_familys_template(name: str, family: str | None) -> None:
    assert Catalogue.load().find("vllm", "openai", name).skills.fim == family


def test_every_family_of_the_catalogue_has_a_template() -> None:
    for family in Catalogue.load().families:
        if family.fim is not None:
            assert template(family.fim)
