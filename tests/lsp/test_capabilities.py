"""How features' capabilities become one answer."""

from typing import Any

import pytest

from tierwise.lsp import Feature, Session
from tierwise.lsp.capabilities import initialize_result, merge
from tierwise.lsp.rpc import Peer
from tierwise.lsp.server import Server
from tierwise.lsp.stream import StreamConnection


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1, 2]}, {"a": [2, 3]}, {"a": [1, 2, 3]}),
        ({"a": True}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": True}, {"a": {"b": 1}}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
    ],
)
def test_merging_keeps_what_both_say(one: dict[str, Any], other: dict[str, Any], both: dict[str, Any]) -> None:
    merge(one, other)
    assert one == both


async def command(_session: Session, _arguments: list[Any]) -> object:
    """Do nothing."""


async def test_features_see_the_client_and_commands_are_advertised_by_themselves() -> None:
    features = [
        Feature(name="one", commands={"one.do": command}),
        Feature(
            name="two", capabilities=lambda client: {"twoProvider": client.get("two")}, commands={"two.do": command}
        ),
    ]
    session = Session(Peer(lambda _body: None), {"capabilities": {"two": "yes"}})
    capabilities = initialize_result(features, session)["capabilities"]
    assert capabilities["twoProvider"] == "yes"
    assert capabilities["executeCommandProvider"] == {"commands": ["one.do", "two.do"]}


async def test_two_features_cannot_answer_the_same() -> None:
    twice = [Feature(name="one", commands={"same": command}), Feature(name="two", commands={"same": command})]
    with pytest.raises(ValueError, match="two features answer same"):
        Server(StreamConnection(), twice, None)
