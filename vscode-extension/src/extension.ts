/** Tierwise for VS Code: puts the parts together; the server starts while the editor goes on. */

import * as vscode from "vscode";

import { Commands } from "./commands";
import { writeCommitMessage } from "./commit";
import { Dashboard } from "./dashboard";
import { Texts } from "./documents";
import { Keys } from "./keys";
import { chooseBudget, chooseMode, chooseQuality, pause, showMenu } from "./menu";
import { chooseModel, findModels } from "./models";
import { forget } from "./server/environment";
import { placeOf } from "./server/launch";
import { Proposals } from "./proposal";
import { Service } from "./service";
import { serverKeys } from "./settings";
import { StatusBar } from "./statusbar";
import { showWhy } from "./why";

type Table = Record<string, (argument: unknown) => unknown>;

let service: Service | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tierwise", { log: true });
  const settingKeys = serverKeys(context.extension.packageJSON);
  const keys = new Keys(context);
  const texts = new Texts();
  const proposals = new Proposals();
  const running = new Service(context, keys, settingKeys, proposals, log);
  const dashboard = new Dashboard(running);
  service = running;
  context.subscriptions.push(log, texts, proposals, running, dashboard, new Commands(running, texts), new StatusBar(running));
  register(context, {
    ...about(running, texts, dashboard, settingKeys),
    ...upkeep(context, running, keys),
    acceptProposal: () => {
      proposals.answer(true);
    },
    rejectProposal: () => {
      proposals.answer(false);
    },
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

/** What shows and chooses who answers. */
function about(running: Service, texts: Texts, dashboard: Dashboard, settingKeys: readonly string[]): Table {
  return {
    menu: async () => showMenu(running),
    pause: async () => pause(running),
    chooseModel: async () => chooseModel(running, settingKeys),
    findModels: async () => findModels(running),
    chooseMode,
    chooseQuality,
    chooseBudget,
    why: async () => showWhy(running, texts),
    dashboard: async () => dashboard.show(),
    refreshDashboard: async () => dashboard.refresh(),
    exportDashboard: async () => dashboard.export(),
    writeCommitMessage: async (control) => writeCommitMessage(running, control),
  };
}

/** What sets up and mends. */
function upkeep(context: vscode.ExtensionContext, running: Service, keys: Keys): Table {
  return {
    setKey: async () => {
      const whose = await keys.set();
      if (whose === undefined) return;
      await running.restart();
      void vscode.window.showInformationMessage(`Tierwise: The key of ${whose} is stored.`);
    },
    removeKey: async () => {
      if (await keys.remove()) await running.restart();
    },
    openSettings: async () => vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    restart: async () => running.restart(),
    reinstall: async () => running.without(async () => forget(placeOf(context).storage)),
    showLog: () => {
      running.log.show();
    },
    walkthrough: async () => vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`),
  };
}

function register(context: vscode.ExtensionContext, commands: Table): void {
  for (const [name, work] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`tierwise.${name}`, work));
  }
}
