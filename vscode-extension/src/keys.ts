/** Keys of vendors: in VS Code's secret storage, handed to the server in its environment, and nowhere else. */

import * as vscode from "vscode";

import { isTable } from "./protocol";

const LISTED = "keys";

interface Vendor {
  readonly title: string;
  readonly variable: string;
}

const VENDORS: readonly Vendor[] = [
  { title: "Anthropic", variable: "ANTHROPIC_API_KEY" },
  { title: "OpenAI", variable: "OPENAI_API_KEY" },
  { title: "Google Gemini", variable: "GEMINI_API_KEY" },
];

/** Variables that an own provider may name: those of keys, and none that changes how a program runs. */
const NAMES_A_KEY = /^[A-Z][A-Z0-9_]*(KEY|TOKEN|SECRET)$/i;

export class Keys {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Return what is stored, by environment variable. */
  async variables(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const variable of this.stored()) {
      const key = await this.context.secrets.get(variable);
      if (key !== undefined) found[variable] = key;
    }
    return found;
  }

  /** Ask for a key and keep it; return whose it is, undefined where there is none. */
  async set(): Promise<string | undefined> {
    const vendor = await this.choose("Whose key is it?", vendors());
    if (vendor === undefined) return undefined;
    const key = await vscode.window.showInputBox({
      title: `The key of ${vendor.title}`,
      prompt: "It is kept in the secret storage of your system and handed to the server alone.",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/\s/.test(text.trim()) ? "A key has no spaces." : undefined),
    });
    if (!key?.trim()) return undefined;
    await this.context.secrets.store(vendor.variable, key.trim());
    await this.note([...new Set([...this.stored(), vendor.variable])]);
    return vendor.title;
  }

  /** Ask which key to forget; return whether one is gone. */
  async remove(): Promise<boolean> {
    const stored = this.stored();
    if (stored.length === 0) {
      void vscode.window.showInformationMessage("Tierwise: no key is stored.");
      return false;
    }
    const known = vendors();
    const vendor = await this.choose(
      "Which key is to be forgotten?",
      stored.map((variable) => known.find((one) => one.variable === variable) ?? { title: variable, variable }),
    );
    if (vendor === undefined) return false;
    await this.context.secrets.delete(vendor.variable);
    await this.note(stored.filter((variable) => variable !== vendor.variable));
    return true;
  }

  private async choose(title: string, offered: readonly Vendor[]): Promise<Vendor | undefined> {
    const stored = this.stored();
    const items = offered.map((vendor) => ({ label: vendor.title, description: vendor.variable, detail: where(vendor, stored), vendor }));
    return (await vscode.window.showQuickPick(items, { title, placeHolder: title }))?.vendor;
  }

  /** Names only: secrets themselves cannot be listed in every version of VS Code. */
  private stored(): readonly string[] {
    return this.context.globalState.get<string[]>(LISTED, []);
  }

  private async note(names: readonly string[]): Promise<void> {
    await this.context.globalState.update(LISTED, names);
  }
}

function where(vendor: Vendor, stored: readonly string[]): string {
  if (stored.includes(vendor.variable)) return "$(check) stored";
  return process.env[vendor.variable] ? "$(check) in the environment" : "not there";
}

/** Return the well-known vendors and those that the user's own settings, not a workspace's, name a variable for. */
function vendors(): readonly Vendor[] {
  const providers = vscode.workspace.getConfiguration("tierwise").inspect("providers")?.globalValue;
  const own = Object.entries(isTable(providers) ? providers : {}).flatMap(([title, provider]) => {
    const variable = isTable(provider) ? provider.keyEnv : undefined;
    return typeof variable === "string" && NAMES_A_KEY.test(variable) ? [{ title, variable }] : [];
  });
  return [...VENDORS, ...own.filter((vendor) => !VENDORS.some((known) => known.variable === vendor.variable))];
}
