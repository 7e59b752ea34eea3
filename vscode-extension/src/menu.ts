/** What a click on the status bar offers. */

import * as vscode from "vscode";

import { shown } from "./commands";
import { PAUSE, type Status } from "./protocol";
import type { Service } from "./service";
import { write } from "./settings";
import { dollars } from "./words";

interface Entry extends vscode.QuickPickItem {
  readonly command?: string;
}

interface Choice extends vscode.QuickPickItem {
  readonly value: string | number;
}

const MODES: readonly Choice[] = [
  { label: "Learned", value: "learned", detail: "As a cascade, until enough of your answers are known to decide by what they cost and how often they were good." },
  { label: "Cascade", value: "cascade", detail: "Where an answer can be checked, cheap tiers try first and dearer ones follow while it fails." },
  { label: "Rules", value: "rules", detail: "The rules alone." },
];

const QUALITIES: readonly Choice[] = [
  { label: "Cheapest", value: 0, detail: "The cascade begins with the cheapest tier and ends where the rules would begin." },
  { label: "Cheap", value: 0.25, detail: "As the cheapest, with a little more care." },
  { label: "Balanced", value: 0.5, detail: "The default." },
  { label: "Good", value: 0.75, detail: "Never begins below what the rules say." },
  { label: "Best", value: 1, detail: "The dearest tier where there is any doubt." },
];

interface BudgetChoice extends vscode.QuickPickItem {
  readonly key: string;
}

const BUDGETS: readonly BudgetChoice[] = [
  { label: "A day", key: "tierwise.budget.day" },
  { label: "A month", key: "tierwise.budget.month" },
  { label: "A day in one workspace", key: "tierwise.budget.workspace" },
  { label: "One request", key: "tierwise.budget.request" },
  { label: "Ask before one costs more than", key: "tierwise.budget.askAbove" },
];

/** Show the menu and run what is chosen. */
export async function showMenu(service: Service): Promise<void> {
  const { phase, status } = service.condition;
  const chosen = await vscode.window.showQuickPick(phase === "running" ? runningEntries(status) : stoppedEntries(), { title: "Tierwise" });
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command);
}

/** Pause what is asked by itself, or resume it. */
export async function pause(service: Service): Promise<void> {
  await shown(async () => {
    const client = await service.running();
    await client.ask(PAUSE, { paused: !service.condition.status?.paused });
  });
}

export async function chooseMode(): Promise<void> {
  await choose("tierwise.routing.mode", "How it is decided who answers", MODES);
}

export async function chooseQuality(): Promise<void> {
  await choose("tierwise.routing.quality", "Between cheap and good", QUALITIES);
}

/** Ask for a limit in dollars and write the setting. */
export async function chooseBudget(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const items = BUDGETS.map((choice) => ({ ...choice, description: limit(configuration.get<number | null>(choice.key)) }));
  const chosen = await vscode.window.showQuickPick(items, { title: "How much may be spent on…" });
  if (chosen === undefined) return;
  const now = configuration.get<number | null>(chosen.key);
  const said = await vscode.window.showInputBox({
    title: chosen.label,
    prompt: "Dollars; empty for no limit of your own.",
    value: now === undefined || now === null ? "" : String(now),
    validateInput: (text) => (isAmount(text) ? undefined : "Write an amount such as 2.50, or nothing."),
  });
  if (said !== undefined) await shown(async () => write(chosen.key, said.trim() ? Number(said) : undefined));
}

function isAmount(text: string): boolean {
  return !text.trim() || Number(text) > 0;
}

function limit(amount: number | null | undefined): string {
  return amount === undefined || amount === null ? "no limit" : dollars(amount);
}

function budgets(status: Status | undefined): string {
  const spans = Object.entries(status?.budget ?? {}).flatMap(([span, one]) => (one ? [`${dollars(one.spent)} of ${dollars(one.limit)} a ${span}`] : []));
  return spans.join(", ") || "no limit";
}

async function choose(key: string, title: string, choices: readonly Choice[]): Promise<void> {
  const now = vscode.workspace.getConfiguration().get<unknown>(key);
  const items = choices.map((choice) => ({ ...choice, description: choice.value === now ? "$(check) now" : "" }));
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen !== undefined) await shown(async () => write(key, chosen.value));
}

function runningEntries(status: Status | undefined): Entry[] {
  const problems = [...new Set(status?.problems ?? [])].map((problem) => ({ label: `$(warning) ${problem}`, command: "tierwise.showLog" }));
  return [
    ...problems,
    { label: status?.paused ? "$(debug-start) Resume" : "$(debug-pause) Pause", description: "ghost text and scans by themselves", command: "tierwise.pause" },
    heading("who answers"),
    { label: "$(list-unordered) Model of a feature…", command: "tierwise.chooseModel" },
    { label: "$(git-branch) How it is decided…", description: status?.mode ?? "", command: "tierwise.chooseMode" },
    { label: "$(settings) Between cheap and good…", description: status?.quality === undefined ? "" : String(status.quality), command: "tierwise.chooseQuality" },
    { label: "$(credit-card) Budgets…", description: budgets(status), command: "tierwise.chooseBudget" },
    { label: "$(key) Set a key…", command: "tierwise.setKey" },
    { label: "$(search) Look for models on this machine", command: "tierwise.findModels" },
    heading("what happened"),
    { label: "$(question) Why this answer?", command: "tierwise.why" },
    { label: "$(graph) Dashboard", command: "tierwise.dashboard" },
    { label: "$(output) Log", command: "tierwise.showLog" },
    heading("more"),
    { label: "$(gear) All settings", command: "tierwise.openSettings" },
    { label: "$(refresh) Restart the server", command: "tierwise.restart" },
  ];
}

function stoppedEntries(): Entry[] {
  return [
    { label: "$(refresh) Start the server", command: "tierwise.restart" },
    { label: "$(output) Log", command: "tierwise.showLog" },
    { label: "$(gear) All settings", command: "tierwise.openSettings" },
  ];
}

function heading(label: string): Entry {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
