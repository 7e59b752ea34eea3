/** How the server is started: the user's own, or the one that comes with the extension. */

import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import * as vscode from "vscode";

import { environment, isReady, type Place } from "./environment";
import { SetupError } from "./run";

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** Find or set up the server, showing progress where that takes time. Raises SetupError. */
export async function launch(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Launch> {
  const settings = vscode.workspace.getConfiguration("tierwise.server");
  const path = settings.get("path", "").trim();
  if (path) return { command: await checked(path), args: ["lsp"] };
  const place = placeOf(context);
  const python = (await isReady(place)) ? await environment(place, ignore, ignore, never) : await install(place, log);
  // Isolated: neither a folder of the workspace nor PYTHONPATH can put modules in the server's way.
  return { command: python, args: ["-I", "-m", "tierwise", "lsp"] };
}

/** Where the bundled server is and will be. */
export function placeOf(context: vscode.ExtensionContext): Place {
  return {
    wheels: context.asAbsolutePath("dist/server"),
    storage: context.globalStorageUri.fsPath,
    python: vscode.workspace.getConfiguration("tierwise.server").get("python", "").trim(),
  };
}

const never = new AbortController().signal;

function ignore(): void {
  // Nothing is left to tell.
}

async function install(place: Place, log: vscode.LogOutputChannel): Promise<string> {
  const options = { location: vscode.ProgressLocation.Notification, title: "Tierwise: setting up the server", cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    return environment(
      place,
      (step) => {
        progress.report({ message: step });
      },
      (line) => {
        log.info(line);
      },
      abort.signal,
    );
  });
}

async function checked(path: string): Promise<string> {
  const whole = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  const fix = "Correct the setting, or clear it to use the server that comes with the extension.";
  if (!isAbsolute(whole)) throw new SetupError(`tierwise.server.path must be a whole path, and is ${path}.`, fix);
  await access(whole, constants.X_OK).catch(() => {
    throw new SetupError(`tierwise.server.path names ${whole}, which is no program.`, fix);
  });
  return whole;
}
