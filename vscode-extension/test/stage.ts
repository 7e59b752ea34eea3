/** What several tests want to have and to wait for. */

import * as vscode from "vscode";

/** What shall be, and how it is tried; a case that does not hold throws. */
export type Cases = Readonly<Record<string, () => void | Promise<void>>>;

const PATIENCE = 20_000;

/** Return a folder of the workspace. */
export function folder(at: 0 | 1): vscode.WorkspaceFolder {
  const found = vscode.workspace.workspaceFolders?.[at];
  if (found === undefined) throw new Error("The workspace lacks a folder.");
  return found;
}

/** Return a file with this text in the first folder. */
export async function file(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(folder(0).uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Wait until something holds. */
export async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
