/** The language client: VS Code's own, with our settings, our commands and our way of showing reports. */

import type * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  type DynamicFeature,
  ErrorCodes,
  ExecuteCommandRequest,
  LanguageClient,
  ResponseError,
  RevealOutputChannelOn,
  type ServerOptions,
  type StaticFeature,
} from "vscode-languageclient/node";

import { showReport } from "./documents";
import type { Launch } from "./server/launch";
import { written } from "./settings";

/** The documents that the server hears of. */
export const SCHEMES = ["file", "untitled", "vscode-notebook-cell"] as const;

/** A server that does not know a request is older than this extension. */
export class UnknownRequestError extends Error {}

/** Registers no commands: they are there before the server is, and stay when it is gone. */
export class Client extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method) return;
    super.registerFeature(feature);
  }

  /** Send one of Tierwise's own requests; raises UnknownRequestError, and Error with the server's message. */
  async ask<T>(method: string, params: object = {}, token?: vscode.CancellationToken): Promise<T> {
    try {
      return await this.sendRequest<T>(method, params, token);
    } catch (error) {
      if (error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound) {
        throw new UnknownRequestError("The server is too old for this. Clear the setting tierwise.server.path, or update tierwise there.");
      }
      throw error;
    }
  }

  /** Have the server execute one of its commands. */
  async execute(command: string, args: readonly unknown[]): Promise<unknown> {
    return this.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] });
  }

  /** The commands that the server knows. */
  get served(): readonly string[] {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }
}

/** Make a client that will start the server so; `keys` are those of the server's settings. */
export function makeClient(launch: Launch, env: Record<string, string>, cwd: string, log: vscode.LogOutputChannel, keys: readonly string[]): Client {
  const start: ServerOptions = { command: launch.command, args: [...launch.args], options: { env: { ...process.env, ...env }, cwd } };
  const client: Client = new Client("tierwise", "Tierwise", start, {
    documentSelector: SCHEMES.map((scheme) => ({ scheme })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      workspace: {
        configuration: (params) => params.items.map((item) => (item.section === "tierwise" ? written(keys) : null)),
        didChangeConfiguration: async () =>
          client.sendNotification(DidChangeConfigurationNotification.type, { settings: { tierwise: written(keys) } }),
      },
      window: {
        showDocument: async (params, token, next) => ((await showReport(params.uri)) ? { success: true } : next(params, token)),
      },
    },
  });
  return client;
}
