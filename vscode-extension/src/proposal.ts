/** A proposed edit: shown as a diff beside what is there, until the user accepts or rejects it in the title bar. */

import * as vscode from "vscode";
import type { CreateFile, LanguageClient, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageclient/node";

const SCHEME = "tierwise-proposal";
const PENDING = "tierwise.proposing";

/** A file as it is and as it is proposed to be; both are addresses of documents. */
interface Pair {
  readonly file: vscode.Uri;
  readonly before: vscode.Uri;
  readonly after: vscode.Uri;
}

type Shown = TextDocumentEdit | CreateFile;

/** Whether a diff can show all that the edit does. */
export function isShowable({ documentChanges }: WorkspaceEdit): boolean {
  const changes = documentChanges ?? [];
  return changes.some((change) => "edits" in change) && changes.every((change) => "edits" in change || change.kind === "create");
}

/** One proposal at a time; closing its diff rejects it. */
export class Proposals implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private turn: Promise<unknown> = Promise.resolve();
  private count = 0;
  private title = "";
  private settle: ((accepted: boolean) => void) | undefined;
  private readonly registered = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      if (closed.some((tab) => this.isOurs(tab))) this.settle?.(false);
    }),
  );

  /** Show the edit, which is showable, and return whether the user wants it. */
  async ask(edit: WorkspaceEdit, client: LanguageClient): Promise<boolean> {
    const asked = this.turn.then(async () => this.present(edit, client));
    this.turn = asked.catch(() => undefined);
    return asked;
  }

  /** Answer for the user; nothing happens where nothing is proposed. */
  answer(accepted: boolean): void {
    this.settle?.(accepted);
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.texts.get(uri.toString());
  }

  dispose(): void {
    this.settle?.(false);
    this.registered.dispose();
  }

  private async present(edit: WorkspaceEdit, client: LanguageClient): Promise<boolean> {
    const pairs = await this.pairs(edit, client);
    const answered = new Promise<boolean>((resolve) => (this.settle = resolve));
    const [first] = pairs;
    this.title = pairs.length === 1 && first !== undefined ? `${nameOf(first.file)} (proposed change)` : `Proposed change of ${pairs.length} files`;
    try {
      if (pairs.length === 1 && first !== undefined) await vscode.commands.executeCommand("vscode.diff", first.before, first.after, this.title, { preview: false });
      else await vscode.commands.executeCommand("vscode.changes", this.title, pairs.map(({ file, before, after }) => [file, before, after]));
      await vscode.commands.executeCommand("setContext", PENDING, true);
      return await answered;
    } finally {
      this.settle = undefined;
      await vscode.commands.executeCommand("setContext", PENDING, false);
      await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => this.isOurs(tab)));
      this.texts.clear();
    }
  }

  /** Return what is to be compared, with the new texts in our keeping. */
  private async pairs({ documentChanges }: WorkspaceEdit, client: LanguageClient): Promise<Pair[]> {
    const changes = (documentChanges ?? []) as readonly Shown[];
    const made = new Set(changes.flatMap((change) => ("edits" in change ? [] : [change.uri])));
    const pairs: Pair[] = [];
    for (const change of changes) {
      if (!("edits" in change)) continue;
      const file = client.protocol2CodeConverter.asUri(change.textDocument.uri);
      const before = made.has(change.textDocument.uri) ? this.keep(file, "") : file;
      const document = await vscode.workspace.openTextDocument(before);
      pairs.push({ file, before, after: this.keep(file, edited(document, change.edits as readonly TextEdit[], client)) });
    }
    return pairs;
  }

  private keep(file: vscode.Uri, text: string): vscode.Uri {
    this.count += 1;
    const uri = file.with({ scheme: SCHEME, query: String(this.count) });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  private isOurs({ input, label }: vscode.Tab): boolean {
    if (input instanceof vscode.TabInputTextDiff) return input.modified.scheme === SCHEME;
    // What a tab with several files holds is told by no version's stable interface; it is known by its title.
    return this.title !== "" && label.startsWith(this.title) && !(input instanceof vscode.TabInputText);
  }
}

/** Return the text of a document with edits made, with its own ends of lines. */
function edited(document: vscode.TextDocument, edits: readonly TextEdit[], client: LanguageClient): string {
  const places = edits.map(({ range, newText }) => {
    const { start, end } = client.protocol2CodeConverter.asRange(range);
    return { from: document.offsetAt(start), to: document.offsetAt(end), newText };
  });
  let text = document.getText();
  // From the end, so that what is before keeps its place; of two insertions at one place the first stays first.
  for (const { from, to, newText } of places.reverse().sort((one, other) => other.from - one.from)) {
    text = text.slice(0, from) + newText + text.slice(to);
  }
  return document.eol === vscode.EndOfLine.CRLF ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

function nameOf(file: vscode.Uri): string {
  return file.path.slice(file.path.lastIndexOf("/") + 1);
}
