/**
 * The language client: VS Code's own, with our settings, our commands and our way of showing reports.
 *
 * Loading it takes longer than all else of the extension together: it is imported when the editor has started.
 */

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
  type LanguageClientOptions,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
  type StaticFeature,
  type WorkspaceEdit,
} from "vscode-languageclient/node";

import { showReport } from "./documents";
import { asks, DiscardedError, previewed, unasked } from "./edits";
import { isShowable, type Proposals } from "./proposal";
import { SCHEMES, UnknownRequestError } from "./protocol";
import type { Launch } from "./server/launch";
import { written } from "./settings";
import { timed } from "./timing";

/** Registers no commands: they are there before the server is, and stay when it is gone. */
export class Client extends LanguageClient {
  private previews = 0;
  private discarded = false;
  private readonly proposals: Proposals;

  constructor(start: ServerOptions, options: LanguageClientOptions, proposals: Proposals) {
    super("tierwise", "Tierwise", start, options);
    this.proposals = proposals;
  }

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
        throw new UnknownRequestError();
      }
      throw error;
    }
  }

  /** Have the server execute one of its commands; raises DiscardedError where the user cancelled it or did not want its edit. */
  async execute(command: string, args: readonly unknown[], preview = false): Promise<unknown> {
    this.discarded = false;
    this.previews += Number(preview);
    try {
      return await this.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] });
    } catch (error) {
      const cancelled = error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
      throw cancelled || !this.took() ? new DiscardedError() : error;
    } finally {
      this.previews -= Number(preview);
      // What was cancelled while it was shown is proposed no more.
      if (this.previews === 0) this.proposals.answer(false);
    }
  }

  /** Whether the user has discarded no edit since the last command. */
  private took(): boolean {
    return !this.discarded;
  }

  /** Make an edit of the server, shown first where that was asked for. */
  async apply(params: ApplyWorkspaceEditParams, next: ApplyWorkspaceEditRequest.HandlerSignature): Promise<ApplyWorkspaceEditResult> {
    const { edit } = params;
    if (this.previews > 0 && isShowable(edit)) {
      const wanted = await this.proposals.ask(edit, this);
      this.discarded ||= !wanted;
      return wanted ? made(params, unasked(edit), next) : { applied: false };
    }
    const shown = this.previews > 0 || asks(edit) ? previewed(params) : edit;
    const result = await made(params, shown, next);
    this.discarded ||= asks(shown) && !result.applied;
    return result;
  }

  /** Call back whenever the server is gone. */
  onStopped(hear: () => void): void {
    this.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) hear();
    });
  }

  /** The commands that the server knows. */
  get served(): readonly string[] {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }
}

async function made(params: ApplyWorkspaceEditParams, edit: WorkspaceEdit, next: ApplyWorkspaceEditRequest.HandlerSignature): Promise<ApplyWorkspaceEditResult> {
  const result = await next({ ...params, edit }, new CancellationTokenSource().token);
  if (result instanceof ResponseError) throw result;
  return result;
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

/** What a client needs of the extension; `keys` are those of the server's settings. */
export interface Surroundings {
  readonly cwd: string;
  readonly log: vscode.LogOutputChannel;
  readonly keys: readonly string[];
  readonly proposals: Proposals;
}

/** Make a client that will start the server so, with these variables beside those of the editor. */
export function makeClient(launch: Launch, env: Record<string, string>, { cwd, log, keys, proposals }: Surroundings): Client {
  const start: ServerOptions = { command: launch.command, args: [...launch.args], options: { env: { ...process.env, ...env }, cwd } };
  const options: LanguageClientOptions = {
    documentSelector: SCHEMES.map((scheme) => ({ scheme })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    stdioOptions: { stdout: hear, stderr: hear },
    middleware: {
      ...timed(log),
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
  };
  const client = new Client(start, options, proposals);
  return client;
}
