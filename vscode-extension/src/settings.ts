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

/** Return what was written, as a tree. */
export function written(keys: readonly string[]): Table {
  const configuration = vscode.workspace.getConfiguration();
  const tree: Table = {};
  for (const key of keys) {
    if (isWritten(configuration.inspect(key))) put(tree, key.slice(PREFIX.length).split("."), configuration.get(key));
  }
  return tree;
}

/** Write a setting where it is in force already, else for all of the user's workspaces; undefined takes it away. */
export async function write(key: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update(key, value, target);
}

function isWritten(found: ReturnType<vscode.WorkspaceConfiguration["inspect"]>): boolean {
  return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
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
