/** The dashboard: one page that the server writes, without scripts, in a view that loads nothing from anywhere. */

import * as vscode from "vscode";

import { shown } from "./commands";
import { DASHBOARD } from "./protocol";
import type { Service } from "./service";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const OPEN = "tierwise.dashboardOpen";

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
