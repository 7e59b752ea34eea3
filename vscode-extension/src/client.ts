/** The language client: VS Code's own, with our settings, our commands and our way of showing reports. */

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import type * as vscode from "vscode";
import {
  type ApplyWorkspaceEditParams,
  type ApplyWorkspaceEditRequest,
  type ApplyWorkspaceEditResult,
  CancellationTokenSource,
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
import { asks, DiscardedError, previewed } from "./edits";
import type { Launch } from "./server/launch";
import { written } from "./settings";

/** The documents that the server hears of. */
export const SCHEMES = ["file", "untitled", "vscode-notebook-cell"] as const;

/** A server that does not know a request is older than this extension. */
export class UnknownRequestError extends Error {}

/** Registers no commands: they are there before the server is, and stay when it is gone. */
export class Client extends LanguageClient {
  private previews = 0;
  private discarded = false;

  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method) return;
    super.registerFeature(feature);
  }

  /** Send one of Tierwise's own requests; raises UnknownRequestError, and Error with the server's message. */
  async ask<T>(method: string, params: object = {}): Promise<T> {
    try {
      return await this.sendRequest<T>(method, params);
    } catch (error) {
      if (error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound) {
        throw new UnknownRequestError("The server is too old for this. Clear the setting tierwise.server.path, or update tierwise there.");
      }
      throw error;
    }
  }

  /** Have the server execute one of its commands; raises DiscardedError where the user did not want its edit. */
  async execute(command: string, args: readonly unknown[], preview = false): Promise<unknown> {
    this.discarded = false;
    this.previews += Number(preview);
    try {
      return await this.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] });
    } catch (error) {
      throw this.took() ? error : new DiscardedError();
    } finally {
      this.previews -= Number(preview);
    }
  }

  /** Whether the user has discarded no edit since the last command. */
  private took(): boolean {
    return !this.discarded;
  }

  /** Make an edit of the server, shown first where that was asked for. */
  async apply(params: ApplyWorkspaceEditParams, next: ApplyWorkspaceEditRequest.HandlerSignature): Promise<ApplyWorkspaceEditResult> {
    const edit = this.previews > 0 || asks(params.edit) ? previewed(params) : params.edit;
    const result = await next({ ...params, edit }, new CancellationTokenSource().token);
    if (result instanceof ResponseError) throw result;
    this.discarded ||= asks(edit) && !result.applied;
    return result;
  }

  /** The commands that the server knows. */
  get served(): readonly string[] {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }
}

const LINE = /^\d{4}-\d\d-\d\d [\d:,]+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) (.*)$/;

/** Pass on what the server writes to its log, at the level that it gave it. */
function hear(stream: Readable, log: vscode.LogOutputChannel): void {
  createInterface({ input: stream }).on("line", (line) => {
    const [, level = "INFO", text = line] = LINE.exec(line) ?? [];
    if (level === "ERROR" || level === "CRITICAL") log.error(text);
    else if (level === "WARNING") log.warn(text);
    else log.info(text);
  });
}

/** Make a client that will start the server so; `keys` are those of the server's settings. */
export function makeClient(launch: Launch, env: Record<string, string>, cwd: string, log: vscode.LogOutputChannel, keys: readonly string[]): Client {
  const start: ServerOptions = { command: launch.command, args: [...launch.args], options: { env: { ...process.env, ...env }, cwd } };
  const client: Client = new Client("tierwise", "Tierwise", start, {
    documentSelector: SCHEMES.map((scheme) => ({ scheme })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    stdioOptions: { stdout: hear, stderr: hear },
    middleware: {
      workspace: {
        configuration: (params) => params.items.map((item) => (item.section === "tierwise" ? written(keys) : null)),
        didChangeConfiguration: async () =>
          client.sendNotification(DidChangeConfigurationNotification.type, { settings: { tierwise: written(keys) } }),
        handleApplyEdit: async (params, next) => client.apply(params, next),
      },
      window: {
        showDocument: async (params, token, next) => ((await showReport(params.uri)) ? { success: true } : next(params, token)),
      },
    },
  });
  return client;
}
