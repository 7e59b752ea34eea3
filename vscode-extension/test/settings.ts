import { strict as assert } from "node:assert";

import * as vscode from "vscode";

import { serverKeys, write, written } from "../src/settings";
import { type Cases, folder } from "./stage";

const MODEL = "tierwise.features.inlineCompletion.model";
const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;

/** The keys as the manifest of the extension has them. */
function keys(): readonly string[] {
  return serverKeys(vscode.extensions.getExtension("tierwise.tierwise")?.packageJSON);
}

function pinned(model: string): object {
  return { features: { inlineCompletion: { model } } };
}

async function set(target: vscode.ConfigurationTarget, value: string | undefined, scope: vscode.ConfigurationScope | null = null, own = false): Promise<void> {
  await vscode.workspace.getConfiguration(undefined, scope).update(MODEL, value, target, own);
}

export const settings: Cases = {
  "what nobody wrote is not told, as a default would overrule the user's files": () => {
    assert.ok(keys().includes(MODEL));
    assert.ok(!keys().some((key) => key.startsWith("tierwise.server.")));
    assert.deepEqual(written(keys()), {});
  },
  "the workspace wins over the user": async () => {
    await set(Global, "a/user");
    assert.deepEqual(written(keys()), pinned("a/user"));
    await set(Workspace, "a/workspace");
    assert.deepEqual(written(keys()), pinned("a/workspace"));
    await write(MODEL, undefined);
    assert.deepEqual(written(keys()), pinned("a/user"), "it is taken away where it was in force");
    await set(Global, undefined);
  },
  "a folder of several tells for itself alone": async () => {
    const [one, other] = [folder(0).uri, folder(1).uri];
    await set(Global, "a/user");
    await set(WorkspaceFolder, "a/other", other);
    assert.deepEqual(written(keys()), { ...pinned("a/user"), folders: { [other.fsPath]: pinned("a/other") } });
    await set(WorkspaceFolder, "a/go", { uri: one, languageId: "go" }, true);
    const folders = { [one.fsPath]: { languages: { go: pinned("a/go") } }, [other.fsPath]: pinned("a/other") };
    assert.deepEqual(written(keys()), { ...pinned("a/user"), folders });
    await set(WorkspaceFolder, undefined, other);
    await set(WorkspaceFolder, undefined, { uri: one, languageId: "go" }, true);
    await set(Global, undefined);
  },
  "a language tells for itself alone, and the workspace wins there too": async () => {
    const python = { languageId: "python" };
    await set(Global, "a/python", python, true);
    assert.deepEqual(written(keys()), { languages: { python: pinned("a/python") } });
    await set(Workspace, "a/narrow", python, true);
    assert.deepEqual(written(keys()), { languages: { python: pinned("a/narrow") } });
    await set(Workspace, undefined, python, true);
    await set(Global, undefined, python, true);
    assert.deepEqual(written(keys()), {});
  },
};
