"""The vendors' batch interfaces as they answer: Anthropic's all in one, OpenAI's with files for what goes and comes."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from tierwise.core.reply import Usage

from .anthropic import Messages
from .openai import CREATED, Chat
from .performance import Cache, spoken
from .responses import Responses
from .script import Script
from .voices import Voice, compact

Body = dict[str, Any]
Page = tuple[int, bytes]
"""A status and a body."""

VOICES: Mapping[str, Voice] = {"/v1/chat/completions": Chat(), "/v1/responses": Responses()}
MOMENT = "2026-11-21T09:00:00Z"


@dataclass(slots=True, kw_only=True)
class Batch:
    """One batch: its entries by name, with where each would go by itself; ``looks`` is how often it was asked for."""

    id: str
    vendor: str
    entries: dict[str, tuple[str, Body]]
    file: str = ""
    looks: int = 0
    cancelled: bool = False
    billed: list[Usage] = field(default_factory=list[Usage])
    answers: list[Body] = field(default_factory=list[Body])


@dataclass(slots=True)
class Batches:
    """All batches. One is over at the look after ``looks``; an entry whose line has the fault ``silence`` expires, one
    with the fault ``status`` fails, and of a batch that was cancelled nothing is answered.
    """

    script: Callable[[], Script]
    cache: Cache
    looks: int = 1
    served: bool = True
    """Whether there are such interfaces at all."""
    made: dict[str, Batch] = field(default_factory=dict[str, Batch])
    every: list[Batch] = field(default_factory=list[Batch])
    """Those that were deleted as well."""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    deleted: list[str] = field(default_factory=list[str])
    _numbers: "count[int]" = field(default_factory=count)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared by who wants no batch to be over before he says so."""

    def __post_init__(self) -> None:
        self.open.set()

    def answer(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Page | None:
        """Return what the vendors would answer, None for what is not of these interfaces."""
        for pattern, serve in (
            (r"/v1/messages/batches(?:/(\w+))?(?:/(results|cancel))?", self._anthropic),
            (r"/v1/batches(?:/(\w+))?(?:/(cancel))?", self._openai),
            (r"/v1/files(?:/([\w-]+))?(?:/(content))?", self._files),
        ):
            found = re.fullmatch(pattern, path)
            if found is not None and self.served:
                try:
                    return serve(method, found[1] or "", found[2] or "", raw, headers.get("content-type", ""))
                except (ValueError, KeyError, TypeError) as error:
                    return 400, compact(Chat().error(400, f"malformed request: {error!r}"))
        return None

    def _anthropic(self, method: str, name: str, verb: str, raw: bytes, _type: str) -> Page:
        if method == "POST" and not name:
            entries = {each["custom_id"]: ("/v1/messages", each["params"]) for each in json.loads(raw)["requests"]}
            return 200, compact(self._message_batch(self._begin("anthropic", "msgbatch", entries)))
        batch = self.made.get(name)
        if batch is None:
            return 404, compact(Messages().error(404, f"there is no batch {name}"))
        if method == "DELETE":
            del self.made[name]
            self.deleted.append(name)
            return 200, compact({"id": name, "type": "message_batch_deleted"})
        if verb == "results":
            return 200, b"".join(compact(line) + b"\n" for line in batch.answers)
        batch.cancelled = batch.cancelled or verb == "cancel"
        batch.looks += 1
        return 200, compact(self._message_batch(batch))

    def _message_batch(self, batch: Batch) -> Body:
        over = self._is_over(batch)
        named = ("processing", "succeeded", "errored", "canceled", "expired")
        kinds = [line["result"]["type"] for line in batch.answers]
        counts = {kind: kinds.count(kind) for kind in named} | ({} if over else {"processing": len(batch.entries)})
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if over else "canceling" if batch.cancelled else "in_progress",
            "request_counts": counts,
            "created_at": MOMENT,
            "expires_at": MOMENT,
            "ended_at": MOMENT if over else None,
            "cancel_initiated_at": MOMENT if batch.cancelled else None,
            "archived_at": None,
            "results_url": f"/v1/messages/batches/{batch.id}/results" if over else None,
        }

    def _openai(self, method: str, name: str, verb: str, raw: bytes, _type: str) -> Page:
        if method == "POST" and not name:
            body = json.loads(raw)
            lines = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
            if body["endpoint"] not in VOICES or any(line["url"] != body["endpoint"] for line in lines):
                return 400, compact(Chat().error(400, "the entries do not go to the batch's endpoint"))
            entries = {line["custom_id"]: (line["url"], line["body"]) for line in lines}
            made = self._begin("openai", "batch", entries)
            made.file = body["input_file_id"]
            return 200, compact(self._batch(made))
        batch = self.made.get(name)
        if batch is None:
            return 404, compact(Chat().error(404, f"there is no batch {name}"))
        batch.cancelled = batch.cancelled or verb == "cancel"
        batch.looks += 1
        return 200, compact(self._batch(batch))

    def _batch(self, batch: Batch) -> Body:
        over = self._is_over(batch)
        outputs: dict[str, str | None] = {"output_file_id": None, "error_file_id": None}
        if over:
            for name, good in (("output_file_id", True), ("error_file_id", False)):
                lines = [line for line in batch.answers if (line["error"] is None) == good]
                if lines:
                    outputs[name] = file = f"file-{name[:6]}-{batch.id}"
                    self.files[file] = b"".join(compact(line) + b"\n" for line in lines)
        status = ("cancelled" if over else "cancelling") if batch.cancelled else "completed" if over else "in_progress"
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": next(iter(batch.entries.values()))[0],
            "input_file_id": batch.file,
            "completion_window": "24h",
            "status": status,
            "created_at": CREATED,
            **outputs,
        }

    def _files(self, method: str, name: str, verb: str, raw: bytes, kind: str) -> Page:
        if method == "POST":
            made = f"file-input-{next(self._numbers)}"
            self.files[made] = _uploaded(raw, kind)
            size = len(self.files[made])
            return 200, compact(
                {"id": made, "object": "file", "bytes": size, "created_at": CREATED, "filename": "entries.jsonl",
                 "purpose": "batch", "status": "processed"}
            )  # fmt: skip
        if name not in self.files:
            return 404, compact(Chat().error(404, f"there is no file {name}"))
        if method == "DELETE":
            del self.files[name]
            self.deleted.append(name)
            return 200, compact({"id": name, "object": "file", "deleted": True})
        return 200, self.files[name] if verb == "content" else compact({"id": name, "object": "file"})

    def _begin(self, vendor: str, prefix: str, entries: dict[str, tuple[str, Body]]) -> Batch:
        batch = Batch(id=f"{prefix}_{next(self._numbers)}", vendor=vendor, entries=entries)
        self.made[batch.id] = batch
        self.every.append(batch)
        return batch

    def _is_over(self, batch: Batch) -> bool:
        if batch.answers:
            return True
        if not batch.cancelled and (batch.looks <= self.looks or not self.open.is_set()):
            return False
        speak = self._message if batch.vendor == "anthropic" else self._line
        batch.answers = [speak(batch, name, path, body) for name, (path, body) in batch.entries.items()]
        return True

    def _message(self, batch: Batch, name: str, _path: str, body: Body) -> Body:
        said = None if batch.cancelled else self._said(batch, Messages(), body)
        if isinstance(said, int):
            result: Body = {"type": "errored", "error": Messages().error(said, "rehearsed failure")}
        elif said is None:
            result = {"type": "canceled" if batch.cancelled else "expired"}
        else:
            result = {"type": "succeeded", "message": said}
        return {"custom_id": name, "result": result}

    def _line(self, batch: Batch, name: str, path: str, body: Body) -> Body:
        said = None if batch.cancelled else self._said(batch, VOICES[path], body)
        line: Body = {"id": f"batch_req_{name[:8]}", "custom_id": name, "response": None, "error": None}
        if said is None:
            code = "batch_cancelled" if batch.cancelled else "batch_expired"
            return line | {"error": {"code": code, "message": "This request was not executed."}}
        if isinstance(said, int):
            error = Chat().error(said, "rehearsed failure")
            return line | {"response": {"status_code": said, "body": error}, "error": {"code": "rehearsed_failure"}}
        return line | {"response": {"status_code": 200, "request_id": "req_rehearsal", "body": said}}

    def _said(self, batch: Batch, voice: Voice, body: Body) -> Body | int | None:
        """Return the answer, the status of an error, or None for an entry that nobody comes to."""
        asked = voice.hear(body)
        line = self.script()(asked.cue)
        if line.fault == "silence":
            return None
        if line.fault == "status":
            return line.status
        said, usage = spoken(voice, replace(asked, stream=False), line, self.cache)
        batch.billed.append(usage)
        return dict(said)


def _uploaded(raw: bytes, kind: str) -> bytes:
    """Return the file in a form that was uploaded; raises ``ValueError`` where it is none for a batch."""
    boundary = re.search(r"boundary=\"?([^\";]+)", kind)
    if boundary is None:
        raise ValueError("no form was uploaded")
    parts = [part.partition(b"\r\n\r\n") for part in raw.split(b"--" + boundary[1].encode())]
    named = {
        name: data.removesuffix(b"\r\n") for head, _, data in parts for name in re.findall(rb' name="(\w+)"', head)
    }
    if named.get(b"purpose") != b"batch":
        raise ValueError("the file is not for a batch")
    return named[b"file"]
