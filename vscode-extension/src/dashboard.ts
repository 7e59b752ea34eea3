/** The dashboard: one page that the server writes, without scripts, in a view that loads nothing from anywhere. */

import { homedir } from "node:os";

import * as vscode from "vscode";

import { shown } from "./commands";
import { DASHBOARD, UnknownRequestError } from "./protocol";
import type { Service } from "./service";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const OPEN = "tierwise.dashboardOpen";
const OPEN_FILE = "Open";

/** What it can be exported as. */
const FORMS = [
  { label: "$(table) Rows for a spreadsheet", description: "CSV", detail: "One for each day, feature, kind, tier and model.", form: "csv", filter: "CSV" },
  { label: "$(graph) Picture", description: "SVG", detail: "The figures and all charts.", form: "svg", filter: "SVG" },
] as const;

export class Dashboard implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(private readonly service: Service) {}

  /** Show the dashboard, or bring it to the front. */
  async show(): Promise<void> {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    await shown(async () => {
      const page = await this.page();
      this.panel = vscode.window.createWebviewPanel("tierwise.dashboard", "Tierwise Dashboard", vscode.ViewColumn.Active, {
        enableScripts: false,
        localResourceRoots: [],
      });
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        void vscode.commands.executeCommand("setContext", OPEN, false);
      });
      this.panel.onDidChangeViewState(({ webviewPanel }) => {
        if (webviewPanel.visible) void this.refresh();
      });
      this.panel.webview.html = page;
      await vscode.commands.executeCommand("setContext", OPEN, true);
    });
  }

  /** Write the page anew. */
  async refresh(): Promise<void> {
    await shown(async () => {
      const page = await this.page();
      if (this.panel !== undefined) this.panel.webview.html = page;
    });
  }

  /** Write what it shows to a file that the user names. */
  async export(): Promise<void> {
    await shown(async () => {
      const chosen = await vscode.window.showQuickPick(FORMS, { title: "Export the dashboard as" });
      if (chosen === undefined) return;
      const { form, filter } = chosen;
      const file = await vscode.window.showSaveDialog({ defaultUri: besideTheCode(`tierwise.${form}`), filters: { [filter]: [form] } });
      if (file === undefined) return;
      const client = await this.service.running();
      const text = (await client.ask<Record<string, string | undefined>>(DASHBOARD, { form }))[form];
      if (text === undefined) throw new UnknownRequestError();
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
      const open = await vscode.window.showInformationMessage(`Tierwise: the dashboard is written to ${file.fsPath}.`, OPEN_FILE);
      if (open === OPEN_FILE) await vscode.commands.executeCommand("vscode.open", file);
    });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private async page(): Promise<string> {
    const client = await this.service.running();
    const { html } = await client.ask<{ html: string }>(DASHBOARD, {});
    return guarded(html);
  }
}

/** Put the policy first in the page, whatever else it says. */
export function guarded(html: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${meta}`) : `<head>${meta}</head>${html}`;
}

function besideTheCode(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  return vscode.Uri.joinPath(folder, name);
}
