"""A language server with one tiny feature, to be started by the tests over any transport.

Usage: ``python echo_server.py [--tcp PORT | --ws PORT] [--log FILE] [--without-pygls]``
"""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierwise.core.edit import TextEdit
from tierwise.core.text import Span
from tierwise.lsp import Code, Feature, RpcError, Session
from tierwise.lsp.log import guard_loop, start_log
from tierwise.lsp.network import tcp, ws
from tierwise.lsp.positions import read_position, write_span
from tierwise.lsp.server import serve
from tierwise.lsp.stdio import stdio

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer


async def complete(session: Session, params: dict[str, Any]) -> object:
    """Answer with the line so far, after as many seconds as the document's first line says."""
    document = session.document(params)
    if document is None:
        raise RpcError(Code.INVALID_PARAMS, "the document is not open")
    place = read_position(params.get("position"), document.text, session.encoding)

    async def work() -> list[dict[str, object]]:
        first = document.text.line(0)
        if first.startswith("# wait "):
            await asyncio.sleep(float(first.removeprefix("# wait ")))
        text = document.text.line(place.line)[: place.column]
        where = write_span(Span(place, place), document.text, session.encoding)
        return [{"insertText": text, "range": where}]

    return await session.newest.run((document.uri, "inlineCompletion"), [], work())


async def crash(_session: Session, params: dict[str, Any]) -> object:
    """Fail with the user's text in the exception."""
    raise ValueError(f"secret {params}")


async def unsayable(_session: Session, _params: dict[str, Any]) -> object:
    """Answer with what JSON cannot say."""
    return {"value": object()}


async def text_of(session: Session, params: dict[str, Any]) -> object:
    """Answer with the whole text and version, as the server has them."""
    document = session.document(params)
    return document and {"text": str(document.text), "version": document.version}


async def tell(session: Session, arguments: list[Any]) -> object:
    """Print to standard output, which must not reach the client, and answer with the arguments."""
    print("stray")
    sys.stdout.flush()
    return [session.encoding.value, *arguments]


async def labour(session: Session, _arguments: list[Any]) -> object:
    """Work until cancelled, with a progress bar."""
    async with session.progress("Working") as progress:
        progress.report("half", 50)
        await asyncio.sleep(30)


async def shout(session: Session, arguments: list[Any]) -> object:
    """Have the editor turn the whole document into capitals."""
    document = session.documents.get(arguments[0])
    assert document is not None
    span = Span(document.text.position(0), document.text.end)
    version = arguments[1] if len(arguments) > 1 else document.version
    edit = TextEdit(uri=document.uri, version=version, span=span, new_text=str(document.text).upper())
    return await session.apply_edit([edit], {}, "Shout")


async def settings(session: Session, _arguments: list[Any]) -> object:
    """Answer with the editor's settings."""
    return await session.configuration()


def register(server: "LanguageServer", session: Session) -> None:
    """Serve hover with the protocol's types."""
    from lsprotocol import types

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:  # pyright: ignore[reportUnusedFunction]
        document = session.documents.get(params.text_document.uri)
        if document is None:
            raise ValueError("secret text")
        if document.text.line(0).startswith("# wait "):
            await asyncio.sleep(30)
        return types.Hover(contents=document.text.line(params.position.line))

    @server.feature(types.TEXT_DOCUMENT_DECLARATION)
    @server.thread()
    def declare(_params: types.DeclarationParams) -> list[types.Location]:  # pyright: ignore[reportUnusedFunction]
        return []

    @server.feature(types.TEXT_DOCUMENT_IMPLEMENTATION)
    async def implement(_params: types.ImplementationParams) -> types.Location | None:  # pyright: ignore[reportUnusedFunction]
        question = types.ShowMessageRequestParams(type=types.MessageType.Info, message="Which?")
        chosen = await server.window_show_message_request_async(question)
        place = types.Position(line=0, character=0)
        return chosen and types.Location(uri=chosen.title, range=types.Range(start=place, end=place))


ECHO = Feature(
    name="echo",
    capabilities=lambda _client: {"inlineCompletionProvider": True, "hoverProvider": True},
    requests={
        "textDocument/inlineCompletion": complete,
        "echo/crash": crash,
        "echo/unsayable": unsayable,
        "echo/text": text_of,
    },
    notifications={"echo/crashed": lambda _session, params: params["secret"]},
    commands={
        "echo.tell": tell,
        "echo.labour": labour,
        "echo.shout": shout,
        "echo.settings": settings,
    },
    register=register,
)


@asynccontextmanager
async def lifespan(session: Session) -> AsyncGenerator[None]:
    """Say when it is entered and left."""
    session.notify("echo/state", "built")
    yield
    session.notify("echo/state", "closed")


async def main() -> int:
    """Serve over what the arguments say."""
    guard_loop(asyncio.get_running_loop())
    match sys.argv[1:]:
        case ["--tcp", port, *_]:
            connection = await tcp("127.0.0.1", int(port))
        case ["--ws", port, *_]:
            connection = await ws("127.0.0.1", int(port))
        case _:
            connection = await stdio()
    return await serve(connection, [ECHO], lifespan)


if __name__ == "__main__":
    file = Path(sys.argv[sys.argv.index("--log") + 1]) if "--log" in sys.argv else None
    if "--without-pygls" in sys.argv:
        sys.modules["pygls"] = None  # type: ignore[assignment]  # importing it fails from now on
    listener = start_log(logging.DEBUG, file)
    code = asyncio.run(main())
    listener.stop()
    sys.exit(code)
