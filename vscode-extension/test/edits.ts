import { strict as assert } from "node:assert";

import { asks, previewed, unasked } from "../src/edits";
import { isShowable } from "../src/proposal";
import type { Cases } from "./stage";

const RANGE = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
const ASKED = {
  documentChanges: [
    { kind: "create" as const, uri: "file:///new", annotationId: "t" },
    { textDocument: { uri: "file:///a", version: 3 }, edits: [{ range: RANGE, newText: "x", annotationId: "t" }] },
  ],
  changeAnnotations: { t: { label: "T", needsConfirmation: true } },
};

export const edits: Cases = {
  "an edit that asks is shown with all its changes ticked": () => {
    assert.ok(asks(ASKED));
    const shown = previewed({ label: "Rename", edit: ASKED });
    assert.ok(asks(shown));
    const marked = JSON.stringify(shown.documentChanges).split("annotationId").length - 1;
    assert.equal(marked, 1, "only the change that changes nothing asks");
    assert.deepEqual(Object.values(shown.changeAnnotations ?? {}), [{ label: "Rename", needsConfirmation: true }]);
  },
  "an edit that was accepted asks no more and is the same": () => {
    const bare = unasked(ASKED);
    assert.ok(!asks(bare));
    assert.deepEqual(bare.documentChanges, [
      { kind: "create", uri: "file:///new" },
      { textDocument: { uri: "file:///a", version: 3 }, edits: [{ range: RANGE, newText: "x" }] },
    ]);
  },
  "a diff shows texts and new files, and no files that move or go": () => {
    assert.ok(isShowable(ASKED));
    assert.ok(!isShowable({ documentChanges: [{ kind: "delete", uri: "file:///a" }] }));
    assert.ok(!isShowable({ documentChanges: [...ASKED.documentChanges, { kind: "rename", oldUri: "file:///a", newUri: "file:///b" }] }));
    assert.ok(!isShowable({ documentChanges: [] }));
  },
};
