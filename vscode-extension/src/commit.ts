/** The button above the list of changes: a message for what is staged, into the box for it. */

import * as vscode from "vscode";

import { shown } from "./commands";
import type { Service } from "./service";

interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
}

interface Git {
  getAPI(version: 1): { readonly repositories: readonly Repository[] };
}

/** Write a commit message for the repository that the button belongs to, else for the only or the active one. */
export async function writeCommitMessage(service: Service, control: unknown): Promise<void> {
  await shown(async () => {
    const repository = await choose(control);
    if (repository === undefined) throw new Error("There is no Git repository in this workspace.");
    const client = await service.running();
    const before = repository.inputBox.value;
    const answer = await client.execute("tierwise.commit_message", [{ instruction: before }]);
    if (typeof answer === "string" && repository.inputBox.value === before) repository.inputBox.value = answer.trim();
  });
}

async function choose(control: unknown): Promise<Repository | undefined> {
  const extension = vscode.extensions.getExtension<Git>("vscode.git");
  const { repositories } = (await extension?.activate())?.getAPI(1) ?? { repositories: [] };
  const root = (control as Partial<vscode.SourceControl> | undefined)?.rootUri?.toString();
  const file = vscode.window.activeTextEditor?.document.uri.toString() ?? "";
  return (
    repositories.find((one) => one.rootUri.toString() === root) ??
    repositories.find((one) => file.startsWith(`${one.rootUri.toString()}/`)) ??
    repositories[0]
  );
}
