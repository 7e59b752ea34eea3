/** The item in the status bar: who is at work, what today has cost, what is wrong. */

import * as vscode from "vscode";

import type { Limit, Status } from "./protocol";
import type { Condition, Service } from "./service";
import { dollars, short } from "./words";

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("tierwise.status", vscode.StatusBarAlignment.Right, 100);
  private readonly listening: vscode.Disposable;

  constructor(service: Service) {
    this.item.name = "Tierwise";
    this.item.command = "tierwise.menu";
    this.show(service.condition);
    this.item.show();
    this.listening = service.onCondition((condition) => {
      this.show(condition);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.item.dispose();
  }

  private show(condition: Condition): void {
    const { status, phase } = condition;
    this.item.text = text(condition);
    this.item.tooltip = tooltip(condition);
    this.item.accessibilityInformation = { label: this.item.text.replaceAll(/\$\([^)]*\)/g, ""), role: "button" };
    const colour = phase === "failed" || status?.kind === "error" ? "error" : status?.problems.length || reached(status) ? "warning" : undefined;
    this.item.backgroundColor = colour && new vscode.ThemeColor(`statusBarItem.${colour}Background`);
  }
}

function text({ phase, status }: Condition): string {
  if (phase === "starting") return "$(loading~spin) Tierwise";
  if (phase !== "running") return "$(circle-slash) Tierwise";
  if (status === undefined) return "$(layers) Tierwise";
  if (status.paused) return "$(debug-pause) Tierwise";
  const icon = status.busy ? "$(sync~spin)" : status.problems.length || reached(status) ? "$(warning)" : "$(layers)";
  const who = reached(status) ? ["Budget reached"] : status.tier ? [status.tier, short(status.model)] : ["Tierwise"];
  return `${icon} ${[...who, spent(status)].join(" · ")}`;
}

/** Whether a limit is reached, from which on only what costs nothing answers. */
function reached(status: Status | undefined): boolean {
  return Object.values(status?.budget ?? {}).some((limit) => limit !== null && limit.spent >= limit.limit);
}

function spent({ costToday, unpricedCalls }: Status): string {
  return `${dollars(costToday)}${unpricedCalls ? " + ?" : ""}`;
}

function tooltip({ phase, status, trouble }: Condition): vscode.MarkdownString {
  const page = new vscode.MarkdownString("", true);
  const lines = phase === "running" ? (status === undefined ? ["Running."] : told(status)) : [trouble || `The server is ${phase}.`];
  page.appendMarkdown("**Tierwise**\n\n");
  for (const line of lines) page.appendText(line).appendMarkdown("\n\n");
  page.appendMarkdown("Click for the menu.");
  return page;
}

function told(status: Status): string[] {
  const lines = [`Today: ${dollars(status.costToday)}${status.unpricedCalls ? `, and ${status.unpricedCalls} calls of unknown price` : ""}`];
  if (status.savedToday) lines.push(`Saved today, against all at the dearest tier: about ${dollars(status.savedToday)}`);
  if (status.tier) lines.push(`${status.busy ? "At work" : "Last"}: ${status.model} (${status.tier})`);
  if (status.mode) lines.push(`Decided by: ${status.mode}`);
  for (const [span, limit] of Object.entries(status.budget ?? {})) if (limit) lines.push(budget(span, limit));
  if (status.paused) lines.push("Paused: nothing is asked by itself.");
  return [...lines, ...[...new Set(status.problems)].map((problem) => `⚠ ${problem}`)];
}

function budget(span: string, { spent: used, limit }: Limit): string {
  return `Budget of the ${span}: ${dollars(used)} of ${dollars(limit)}`;
}
