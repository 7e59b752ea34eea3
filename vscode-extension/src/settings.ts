/** The settings as the server shall hear them: only what somebody wrote, as a default would overrule the user's files. */

import * as vscode from "vscode";

import { isTable, type Table } from "./protocol";

const PREFIX = "tierwise.";

interface Group {
  readonly properties?: Table;
}

/** Return the keys of the server's settings, which are all of the manifest's but the first group's. */
export function serverKeys(manifest: unknown): readonly string[] {
  const contributes = isTable(manifest) ? manifest.contributes : undefined;
  const groups = isTable(contributes) ? contributes.configuration : undefined;
  return Array.isArray(groups) ? (groups as Group[]).slice(1).flatMap((group) => Object.keys(group.properties ?? {})) : [];
}

/**
 * Return what was written, as a tree.
 *
 * What was written for a language stands below `languages`, what a folder of several says for itself below `folders`:
 * the server has one set of settings and looks into those tables where they fit.
 */
export function written(keys: readonly string[]): Table {
  const tree: Table = {};
  gather(tree, keys, undefined);
  const folders = vscode.workspace.workspaceFolders ?? [];
  for (const { uri } of folders.length > 1 ? folders : []) {
    const inner: Table = {};
    gather(inner, keys, uri);
    if (Object.keys(inner).length > 0) put(tree, ["folders", uri.fsPath], inner);
  }
  return tree;
}

/** Put into a tree what is written for all, or for one folder of the workspace alone. */
function gather(tree: Table, keys: readonly string[], folder: vscode.Uri | undefined): void {
  const configuration = vscode.workspace.getConfiguration(undefined, folder ?? null);
  for (const key of keys) {
    const route = key.slice(PREFIX.length).split(".");
    const found = configuration.inspect(key);
    const value = folder === undefined ? firstOf(found?.workspaceFolderValue, found?.workspaceValue, found?.globalValue) : found?.workspaceFolderValue;
    // A table is merged from all places where it was written.
    if (value !== undefined) put(tree, route, folder === undefined ? configuration.get(key) : value);
    for (const language of found?.languageIds ?? []) {
      const special = vscode.workspace.getConfiguration(undefined, { languageId: language, ...(folder && { uri: folder }) }).inspect(key);
      const own = special?.workspaceFolderLanguageValue;
      const narrow = folder === undefined ? firstOf(own, special?.workspaceLanguageValue, special?.globalLanguageValue) : own;
      if (narrow !== undefined) put(tree, ["languages", language, ...route], narrow);
    }
  }
}

/** Return the first that is there. */
function firstOf(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined);
}

/** Write a setting where it is in force already, else for all of the user's workspaces; undefined takes it away. */
export async function write(key: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, null);
  const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update(key, value, target);
}

function put(tree: Table, route: readonly string[], value: unknown): void {
  const [name, ...rest] = route;
  if (name === undefined) return;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const inner = isTable(tree[name]) ? tree[name] : {};
  tree[name] = inner;
  put(inner, rest, value);
}
