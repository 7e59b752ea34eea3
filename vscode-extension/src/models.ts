/** The model of a feature, chosen among those that there are. */

import * as vscode from "vscode";

import type { Client } from "./client";
import { shown } from "./commands";
import { type FeatureChoice, type Models, MODELS, type OfferedModel, UnknownRequestError } from "./protocol";
import type { Service } from "./service";
import { write } from "./settings";
import { percent, price } from "./words";

/** The provider of what the workspace itself predicts, which is always there. */
const WORKSPACE = "local";
/** Set once a model was found, which ticks the step of the walkthrough. */
const FOUND = "tierwise.modelsFound";
const SET_A_KEY = "Set a key";

const FEATURE = /^tierwise\.(features\.(\w+)\.model)$/;

/** Ask for a feature and its model, and write the setting; `keys` are those of the server's settings. */
export async function chooseModel(service: Service, keys: readonly string[]): Promise<void> {
  await shown(async () => {
    const offered = await models(await service.running(), keys);
    const feature = await vscode.window.showQuickPick(offered.features.map(featureItem), { title: "The model of which feature?" });
    if (feature === undefined) return;
    const value = await pick(feature.choice, offered.models);
    if (value !== undefined) await write(`tierwise.${camel(feature.choice.setting)}`, value ?? undefined);
  });
}

/** Look anew for keys in the environment and for model servers on this machine, and tell what there is. */
export async function findModels(service: Service): Promise<void> {
  await shown(async () => {
    await service.restart();
    const client = await service.running();
    const { models: all } = await client.ask<Models>(MODELS);
    const found = all.filter((model) => model.provider !== WORKSPACE);
    if (found.length > 0) {
      await vscode.commands.executeCommand("setContext", FOUND, true);
      void vscode.window.showInformationMessage(`Tierwise found ${found.map(named).join(", ")}.`);
      return;
    }
    const told = "Tierwise found no model: no key is set, and no model server such as Ollama answers on this machine.";
    const choice = await vscode.window.showWarningMessage(told, SET_A_KEY);
    if (choice === SET_A_KEY) await vscode.commands.executeCommand("tierwise.setKey");
  });
}

function named(model: OfferedModel): string {
  return model.tier === null ? model.id : `${model.id} (${model.tier})`;
}

/** A server that is too old to say which models there are still takes one by name. */
async function models(client: Client, keys: readonly string[]): Promise<Models> {
  try {
    return await client.ask<Models>(MODELS);
  } catch (error) {
    if (!(error instanceof UnknownRequestError)) throw error;
    return { features: keys.flatMap(fromKey), models: [] };
  }
}

function fromKey(key: string): FeatureChoice[] {
  const [, setting, name] = FEATURE.exec(key) ?? [];
  if (setting === undefined || name === undefined) return [];
  const model = vscode.workspace.getConfiguration(undefined, null).get<string | null>(key) ?? null;
  return [{ feature: name, setting, title: name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), model }];
}

function featureItem(choice: FeatureChoice): vscode.QuickPickItem & { choice: FeatureChoice } {
  return { label: choice.title, description: choice.model ?? "decided for each request", choice };
}

type ModelItem = vscode.QuickPickItem & { readonly model: string | null | undefined };

/** Return the model, null for none, undefined where the user thought better of it. */
async function pick(choice: FeatureChoice, offered: readonly OfferedModel[]): Promise<string | null | undefined> {
  const items: ModelItem[] = [
    { label: "$(list-tree) Decide for each request", description: "by rules, checks and budget", model: null },
    ...offered.map((model) => ({ label: model.id, description: model.tier ?? "", detail: facts(model), model: model.id, picked: model.id === choice.model })),
    { label: "$(edit) Another one…", description: "by its name", model: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: `Who answers for: ${choice.title}`, matchOnDescription: true });
  if (chosen === undefined || chosen.model !== undefined) return chosen?.model;
  const written = await vscode.window.showInputBox({ prompt: "provider/model", value: choice.model ?? "", validateInput: reference });
  return written?.trim();
}

function facts(model: OfferedModel): string {
  const known = [price(model.input, model.output)];
  if (model.latency !== null) known.push(`${model.latency.toFixed(1)} s`);
  if (model.acceptance !== null) known.push(`${percent(model.acceptance)} accepted`);
  if (model.calls > 0) known.push(`${model.calls} calls`);
  return known.join(" · ");
}

function reference(text: string): string | undefined {
  return /^[^/\s]+\/\S+$/.test(text.trim()) ? undefined : "Write it as provider/model.";
}

function camel(setting: string): string {
  return setting.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}
