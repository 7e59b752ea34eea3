import { strict as assert } from "node:assert";

import * as vscode from "vscode";
import { LanguageClient, type WorkspaceEdit } from "vscode-languageclient/node";

import { Proposals } from "../src/proposal";
import { type Cases, file, folder, until } from "./stage";

/** Converts addresses and places; never started. */
const CLIENT = new LanguageClient("units", { command: "none" }, {});

function at(line: number, from: number, to: number): { start: { line: number; character: number }; end: { line: number; character: number } } {
  return { start: { line, character: from }, end: { line, character: to } };
}

function change(uri: vscode.Uri, ...edits: { range: ReturnType<typeof at>; newText: string }[]): NonNullable<WorkspaceEdit["documentChanges"]>[number] {
  return { textDocument: { uri: uri.toString(), version: null }, edits };
}

function ours(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.toLowerCase().includes("proposed change"));
}

/** Return the texts that are proposed for files of these names. */
async function proposed(...names: readonly string[]): Promise<readonly string[]> {
  return until(`texts for ${names.join(", ")}`, () => {
    const texts = names.map((name) => latest(name)?.getText());
    return ours().length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
  });
}

/** Return the newest proposal for a file: those before it stay open for a while. */
function latest(name: string): vscode.TextDocument | undefined {
  const found = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "tierwise-proposal" && uri.path.endsWith(`/${name}`));
  return found.sort((one, other) => Number(other.uri.query) - Number(one.uri.query))[0];
}

async function withProposals(work: (proposals: Proposals) => Promise<void>): Promise<void> {
  const proposals = new Proposals();
  try {
    await work(proposals);
  } finally {
    proposals.dispose();
  }
}

export const proposals: Cases = {
  "an edit of one file is a diff that goes when it is answered": async () =>
    withProposals(async (made) => {
      const uri = await file("one.txt", "a\r\nbcd\r\n");
      const edit = { documentChanges: [change(uri, { range: at(1, 0, 1), newText: "x\n" }, { range: at(1, 3, 3), newText: "!" }, { range: at(1, 3, 3), newText: "?" })] };
      for (const answer of [true, false]) {
        const asked = made.ask(edit, CLIENT);
        assert.deepEqual(await proposed("one.txt"), ["a\r\nx\r\ncd!?\r\n"]);
        made.answer(answer);
        assert.equal(await asked, answer);
        assert.deepEqual(ours(), []);
      }
    }),
  "an edit of several files and a new one is one view": async () =>
    withProposals(async (made) => {
      const [one, two] = [await file("first.txt", "1\n"), await file("second.txt", "2\n")];
      const fresh = vscode.Uri.joinPath(folder(0).uri, "fresh.txt");
      const created = { kind: "create" as const, uri: fresh.toString() };
      const texts = [change(one, { range: at(0, 0, 1), newText: "one" }), change(two, { range: at(0, 0, 1), newText: "two" }), change(fresh, { range: at(0, 0, 0), newText: "new\n" })];
      const asked = made.ask({ documentChanges: [created, ...texts] }, CLIENT);
      assert.deepEqual(await proposed("first.txt", "second.txt", "fresh.txt"), ["one\n", "two\n", "new\n"]);
      assert.deepEqual(ours().map((tab) => tab.label.startsWith("Proposed change of 3 files")), [true]);
      made.answer(true);
      assert.equal(await asked, true);
      assert.deepEqual(ours(), []);
    }),
  "closing the diff rejects, and the next proposal waits for that": async () =>
    withProposals(async (made) => {
      const uri = await file("closed.txt", "a\n");
      const [first, second] = ["b", "c"].map(async (newText) => made.ask({ documentChanges: [change(uri, { range: at(0, 0, 1), newText })] }, CLIENT));
      assert.deepEqual(await proposed("closed.txt"), ["b\n"]);
      await vscode.window.tabGroups.close(ours());
      assert.equal(await first, false);
      await until("the second", () => (ours().length === 1 ? true : undefined));
      made.answer(true);
      assert.equal(await second, true);
    }),
};
