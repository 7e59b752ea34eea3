/** The server's commands in the palette and the menus: what they are about is taken from the editor. */

import * as vscode from "vscode";

import type { Client } from "./client";
import type { Texts } from "./documents";
import { DiscardedError } from "./edits";
import { type Kind, KINDS } from "./kinds";
import { isTable, SCHEMES, type Table } from "./protocol";
import type { Service } from "./service";
import { dollars } from "./words";

/** Commands of the server that the palette knows beside the kinds of work. */
const PLAIN = ["tierwise.scan", "tierwise.undo", "tierwise.clear"] as const;

/** Show an error where the user asked for something that failed. */
export async function shown<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiscardedError) return undefined;
    void vscode.window.showErrorMessage(`Tierwise: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

export class Commands implements vscode.Disposable {
  private readonly registered = new Map<string, vscode.Disposable>();

  constructor(
    private readonly service: Service,
    private readonly texts: Texts,
  ) {
    for (const kind of KINDS) this.register(`tierwise.${kind.name}`, (...args) => this.perform(kind, args));
    for (const name of PLAIN) this.register(name, (...args) => this.forward(name, args.filter(isTable)));
    this.register("tierwise.scanFile", () => this.scanFile());
    this.register("tierwise.run", (...args) => this.runOwn(args));
    service.onStarted((client) => {
      this.registerInward(client);
    });
  }

  /** Do one kind of work and show what comes of it; returns the server's answer. */
  async perform(kind: Kind, args: readonly unknown[]): Promise<unknown> {
    return shown(async () => {
      const client = await this.service.running();
      const [given] = args;
      const said = isTable(given) && !(given instanceof vscode.Uri) ? given : await gather(client, kind, given);
      if (said === undefined) return undefined;
      const answer = await client.execute(`tierwise.${kind.name}`, [said], kind.previewed);
      await this.present(kind.name, answer);
      if (kind.elsewhere) await open(client, answer);
      return answer;
    });
  }

  dispose(): void {
    for (const one of this.registered.values()) one.dispose();
  }

  private register(name: string, work: (...args: unknown[]) => Promise<unknown>): void {
    this.registered.set(name, vscode.commands.registerCommand(name, work));
  }

  /** What the server alone speaks of: the commands of its items and actions. */
  private registerInward(client: Client): void {
    for (const name of client.served) {
      if (!this.registered.has(name)) this.register(name, (...args) => this.forward(name, args));
    }
  }

  private async forward(name: string, args: readonly unknown[]): Promise<unknown> {
    return shown(async () => (await this.service.running()).execute(name, args));
  }

  private async scanFile(): Promise<unknown> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) return undefined;
    return this.forward("tierwise.scan", [{ scope: "file", uri: document.uri.toString() }]);
  }

  private async runOwn(args: readonly unknown[]): Promise<unknown> {
    if (typeof args[0] === "string") return this.forward("tierwise.run", args);
    const written = vscode.workspace.getConfiguration("tierwise").get<Record<string, { title?: string }>>("ownActions", {});
    const items = Object.entries(written).map(([name, action]) => ({ label: action.title ?? name, name }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage("Tierwise: the setting tierwise.ownActions holds no action yet.");
      return undefined;
    }
    const chosen = await vscode.window.showQuickPick(items, { title: "An action of your own" });
    if (chosen === undefined) return undefined;
    return shown(async () => {
      const client = await this.service.running();
      const answer = await client.execute("tierwise.run", [chosen.name, await gather(client, { name: chosen.name }, undefined)]);
      await this.present(chosen.label, answer);
      return answer;
    });
  }

  private async present(name: string, answer: unknown): Promise<void> {
    if (typeof answer === "string") await this.texts.show(name.replaceAll("_", " "), answer);
    else if (isTable(answer) && answer.applied === true) vscode.window.setStatusBarMessage(`Tierwise: ${madeBy(answer)}`, 8000);
  }
}

/** Show the first file that was written to. */
async function open(client: Client, answer: unknown): Promise<void> {
  const files = isTable(answer) && answer.applied === true ? answer.files : undefined;
  const [first] = Array.isArray(files) ? (files as unknown[]) : [];
  if (typeof first === "string") await vscode.window.showTextDocument(client.protocol2CodeConverter.asUri(first));
}

/** Return what the command is about; undefined where the user thought better of it. */
async function gather(client: Client, kind: Kind, target: unknown): Promise<Table | undefined> {
  const editor = target instanceof vscode.Uri ? await opened(target) : vscode.window.activeTextEditor;
  let instruction = "";
  if (kind.question !== undefined) {
    const answer = await vscode.window.showInputBox({ title: "Tierwise", prompt: kind.question, placeHolder: kind.example ?? "", ignoreFocusOut: true });
    if (answer === undefined || (!answer.trim() && !kind.optional)) return undefined;
    instruction = answer.trim();
  }
  const place = editor !== undefined && SCHEMES.some((scheme) => scheme === editor.document.uri.scheme) ? where(client, kind, editor) : {};
  return { ...place, ...(instruction ? { instruction } : {}) };
}

function where(client: Client, kind: Kind, editor: vscode.TextEditor): Table {
  const { document, selection } = editor;
  const convert = client.code2ProtocolConverter;
  const said: Table = { uri: convert.asUri(document.uri), range: convert.asRange(selection) };
  if (!kind.problems) return said;
  const lines = new vscode.Range(selection.start.line, 0, selection.end.line + 1, 0);
  const here = vscode.languages.getDiagnostics(document.uri).filter((problem) => problem.range.intersection(lines) !== undefined);
  return { ...said, diagnostics: here.map((problem) => convert.asDiagnostic(problem)) };
}

async function opened(uri: vscode.Uri): Promise<vscode.TextEditor> {
  const already = vscode.window.activeTextEditor;
  return already?.document.uri.toString() === uri.toString() ? already : vscode.window.showTextDocument(uri);
}

function madeBy(answer: Table): string {
  const { tier, model, cost } = answer;
  if (typeof model !== "string" || typeof tier !== "string") return "done.";
  return `done by ${model} (${tier}), ${typeof cost === "number" ? dollars(cost) : "at an unknown price"}.`;
}
