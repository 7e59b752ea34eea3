/** Tierwise for VS Code: puts the parts together; the server starts while the editor goes on. */

import * as vscode from "vscode";

import { Commands } from "./commands";
import { writeCommitMessage } from "./commit";
import { Dashboard } from "./dashboard";
import { Texts } from "./documents";
import { Keys } from "./keys";
import { chooseMode, chooseQuality, pause, showMenu } from "./menu";
import { chooseModel } from "./models";
import { forget } from "./server/environment";
import { placeOf } from "./server/launch";
import { Service } from "./service";
import { serverKeys } from "./settings";
import { StatusBar } from "./statusbar";
import { showWhy } from "./why";

let service: Service | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tierwise", { log: true });
  const settingKeys = serverKeys(context.extension.packageJSON);
  const keys = new Keys(context);
  const texts = new Texts();
  const running = new Service(context, keys, settingKeys, log);
  const dashboard = new Dashboard(running);
  service = running;
  context.subscriptions.push(log, texts, running, dashboard, new Commands(running, texts), new StatusBar(running));
  register(context, {
    menu: async () => showMenu(running),
    pause: async () => pause(running),
    chooseModel: async () => chooseModel(running, settingKeys),
    chooseMode,
    chooseQuality,
    why: async () => showWhy(running, texts),
    dashboard: async () => dashboard.show(),
    refreshDashboard: async () => dashboard.refresh(),
    writeCommitMessage: async (control) => writeCommitMessage(running, control),
    setKey: async () => {
      if (await keys.set()) await running.restart();
    },
    removeKey: async () => {
      if (await keys.remove()) await running.restart();
    },
    openSettings: async () => vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    restart: async () => running.restart(),
    reinstall: async () => running.without(async () => forget(placeOf(context).storage)),
    showLog: () => {
      log.show();
    },
    walkthrough: async () => vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`),
  });
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("tierwise.server")) void running.restart();
    }),
  );
  void running.restart();
}

export async function deactivate(): Promise<void> {
  await service?.stop();
}

function register(context: vscode.ExtensionContext, commands: Record<string, (argument: unknown) => unknown>): void {
  for (const [name, work] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`tierwise.${name}`, work));
  }
}
