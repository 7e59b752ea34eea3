/** Why an answer was given by whom: the last decisions, and one of them as a page. */

import * as vscode from "vscode";

import { shown } from "./commands";
import type { Texts } from "./documents";
import { DECISIONS } from "./protocol";
import type { Service } from "./service";
import { dollars, short } from "./words";

interface Attempt {
  readonly role: string;
  readonly tier: string;
  readonly model: string;
  readonly result: string;
  readonly seconds: number | null;
  readonly cost: number | null;
  readonly failure: { readonly kind: string; readonly message: string } | null;
  readonly verdicts: readonly { readonly check: string; readonly passed: boolean | null; readonly reason?: string }[];
}

interface Decision {
  readonly at: string;
  readonly feature: string;
  readonly kind: string;
  readonly language: string;
  readonly policy: string;
  readonly reason: string;
  readonly ladder: readonly { readonly tier: string; readonly role: string }[];
  readonly answered: boolean;
  readonly waited: number | null;
  readonly cost: number | null;
  readonly attempts: readonly Attempt[];
  readonly feedback: readonly { readonly signal: string }[];
}

/** Offer the last decisions and show the one that is chosen. */
export async function showWhy(service: Service, texts: Texts): Promise<void> {
  await shown(async () => {
    const client = await service.running();
    const { decisions } = await client.ask<{ decisions: readonly Decision[] }>(DECISIONS, { last: 30 });
    if (decisions.length === 0) {
      void vscode.window.showInformationMessage("Tierwise: nothing has been decided yet.");
      return;
    }
    const items = decisions.map((decision) => ({ ...summary(decision), decision }));
    const chosen = await vscode.window.showQuickPick(items, { title: "Why this answer?", matchOnDescription: true, matchOnDetail: true });
    if (chosen !== undefined) await texts.show("Why this answer", page(chosen.decision));
  });
}

function summary(decision: Decision): vscode.QuickPickItem {
  const { attempts, kind, reason } = decision;
  const who = attempts.filter((one) => one.role === "answer").map((one) => short(one.model));
  const when = new Date(decision.at).toLocaleTimeString();
  const end = decision.answered ? "" : ", no answer";
  return { label: kind.replaceAll("_", " "), description: `${when} · ${who.join(" > ") || "nobody"} · ${cost(decision.cost)}${end}`, detail: reason };
}

function page(decision: Decision): string {
  const ladder = decision.ladder.map((rung) => (rung.role === "answer" ? rung.tier : `${rung.tier} (${rung.role})`)).join(" > ");
  const waited = decision.waited === null ? "" : ` in ${decision.waited.toFixed(2)} s`;
  return [
    `# ${decision.kind.replaceAll("_", " ")}`,
    `${new Date(decision.at).toLocaleString()}, ${decision.answered ? "answered" : "no answer"}${waited}, ${cost(decision.cost)}`,
    `**Why:** ${plain(decision.reason)} (policy ${plain(decision.policy)})`,
    `**Ladder:** ${plain(ladder)}`,
    ["| tier | model | result | time | cost |", "|---|---|---|---:|---:|", ...decision.attempts.map(row)].join("\n"),
    ...decision.attempts.flatMap(notes),
    decision.feedback.length ? `**Then:** ${decision.feedback.map((one) => plain(one.signal)).join(", ")}` : "",
  ].join("\n\n");
}

function row(attempt: Attempt): string {
  const seconds = attempt.seconds === null ? "" : `${attempt.seconds.toFixed(2)} s`;
  return `| ${plain(attempt.tier)} | ${plain(attempt.model)} | ${attempt.result} | ${seconds} | ${cost(attempt.cost)} |`;
}

function notes(attempt: Attempt): string[] {
  const failed = attempt.failure === null ? [] : [`- ${short(attempt.model)}: ${plain(attempt.failure.message)}`];
  const checks = attempt.verdicts.filter((one) => one.passed === false).map((one) => `- ${short(attempt.model)} failed ${one.check}: ${plain(one.reason ?? "")}`);
  return [...failed, ...checks];
}

function cost(amount: number | null): string {
  return amount === null ? "cost unknown" : dollars(amount);
}

/** What was recorded is text and not Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, String.raw`\$&`);
}
