/** Edits that the user sees before they are made, in VS Code's Refactor Preview. */

import type { ApplyWorkspaceEditParams, TextDocumentEdit, WorkspaceEdit } from "vscode-languageclient/node";

type Change = NonNullable<WorkspaceEdit["documentChanges"]>[number];

const ASKING = "tierwise";
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The user cancelled work, or looked at an edit and did not want it, which is no failure. */
export class DiscardedError extends Error {}

/** Whether VS Code will show the edit before it makes it. */
export function asks(edit: WorkspaceEdit): boolean {
  return Object.values(edit.changeAnnotations ?? {}).some((annotation) => annotation.needsConfirmation);
}

/**
 * Return the edit so that it is shown with all its changes ticked.
 *
 * VS Code shows the preview where a change needs to be confirmed, and leaves exactly those changes unticked: a change
 * that changes nothing asks for all others.
 */
export function previewed({ edit, label }: ApplyWorkspaceEditParams): WorkspaceEdit {
  const changes = edit.documentChanges?.map(plain) ?? [];
  const first = changes.find((change): change is TextDocumentEdit => "edits" in change);
  if (first === undefined) return edit;
  const asking = { range: NOWHERE, newText: "", annotationId: ASKING };
  const documentChanges = changes.map((change) => (change === first ? { ...first, edits: [asking, ...first.edits] } : change));
  return { documentChanges, changeAnnotations: { [ASKING]: { label: label ?? "Tierwise", needsConfirmation: true } } };
}

/** Return the edit as nobody asked about it. */
export function unasked(edit: WorkspaceEdit): WorkspaceEdit {
  return edit.documentChanges === undefined ? edit : { documentChanges: edit.documentChanges.map(plain) };
}

function plain(change: Change): Change {
  if (!("edits" in change)) {
    const bare = { ...change };
    delete bare.annotationId;
    return bare;
  }
  return { ...change, edits: change.edits.map((edit) => ("newText" in edit ? { range: edit.range, newText: edit.newText } : edit)) };
}
