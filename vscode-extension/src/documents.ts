/** What is to be read: reports and texts, shown as rendered Markdown. */

import * as vscode from "vscode";

const SCHEME = "tierwise";

/** Texts that the server answered with, kept as long as their documents are open. */
export class Texts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly kept = new Map<string, string>();
  private readonly registered = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument((document) => this.kept.delete(document.uri.toString())),
  );
  private count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.kept.get(uri.toString()) ?? "";
  }

  /** Show a text beside the code. */
  async show(title: string, text: string): Promise<void> {
    this.count += 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title.replaceAll(/[/\\]/g, " ")}.md`, query: String(this.count) });
    this.kept.set(uri.toString(), text);
    await preview(uri);
  }

  dispose(): void {
    this.registered.dispose();
  }
}

/** Show a report that the server wrote; return whether it was one. */
export async function showReport(text: string): Promise<boolean> {
  const uri = vscode.Uri.parse(text);
  if (uri.scheme !== "file" || !uri.path.endsWith(".md")) return false;
  await preview(uri);
  return true;
}

async function preview(uri: vscode.Uri): Promise<void> {
  const beside = vscode.window.activeTextEditor !== undefined;
  try {
    await vscode.commands.executeCommand(beside ? "markdown.showPreviewToSide" : "markdown.showPreview", uri);
  } catch {
    // VS Code's own extension for Markdown can be switched off.
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}
