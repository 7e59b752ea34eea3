/** The server's life: found, started, restarted, stopped; and whoever wants to know how it is. */

import { mkdir } from "node:fs/promises";

import * as vscode from "vscode";

import type { Client } from "./client";
import type { Keys } from "./keys";
import type { Proposals } from "./proposal";
import { STATUS, type Status } from "./protocol";
import { launch } from "./server/launch";
import { SetupError } from "./server/run";

export type Phase = "starting" | "running" | "stopped" | "failed";

export interface Condition {
  readonly phase: Phase;
  /** The server's own word; undefined before it said any. */
  readonly status: Status | undefined;
  /** Why there is no server. */
  readonly trouble: string;
}

const AGAIN = "Try again";
const LOG = "Show log";
const SETTINGS = "Open settings";

export class Service implements vscode.Disposable {
  private client: Client | undefined;
  private queue: Promise<void> = Promise.resolve();
  private readonly changes = new vscode.EventEmitter<Condition>();
  private readonly started = new vscode.EventEmitter<Client>();
  private now: Condition = { phase: "stopped", status: undefined, trouble: "" };

  /** Heard whenever the condition changes. */
  readonly onCondition = this.changes.event;
  /** Heard when a server has started. */
  readonly onStarted = this.started.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly keys: Keys,
    private readonly settingKeys: readonly string[],
    private readonly proposals: Proposals,
    readonly log: vscode.LogOutputChannel,
  ) {}

  get condition(): Condition {
    return this.now;
  }

  /** Start the server, or start it anew; failures are shown with what mends them. */
  async restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.halt();
      await this.start();
    });
  }

  /** Stop the server, do something without it, start it again. */
  async without(work: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      await this.halt();
      await work();
      await this.start();
    });
  }

  async stop(): Promise<void> {
    return this.inTurn(async () => {
      await this.halt();
    });
  }

  /** Return the running client; waits while it starts. Raises Error where there is none. */
  async running(): Promise<Client> {
    await this.queue;
    if (this.client === undefined) throw new Error(this.now.trouble || "The server is not running. “Tierwise: Restart the Server” starts it.");
    return this.client;
  }

  dispose(): void {
    this.changes.dispose();
    this.started.dispose();
  }

  /** One start or stop at a time. */
  private async inTurn(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work);
    return this.queue;
  }

  private async start(): Promise<void> {
    this.become({ phase: "starting", status: undefined, trouble: "" });
    try {
      const found = await launch(this.context, this.log);
      const home = this.context.globalStorageUri.fsPath;
      await mkdir(home, { recursive: true });
      const around = { cwd: home, log: this.log, keys: this.settingKeys, proposals: this.proposals };
      const { makeClient } = await import("./client");
      const client = makeClient(found, await this.keys.variables(), around);
      this.follow(client);
      await client.start();
      this.client = client;
      this.become({ phase: "running", status: this.now.status, trouble: "" });
      this.started.fire(client);
    } catch (error) {
      this.fail(error);
    }
  }

  private follow(client: Client): void {
    client.onNotification(STATUS, (status: Status) => {
      this.become({ phase: "running", status, trouble: "" });
    });
    client.onStopped(() => {
      this.become({ phase: "stopped", status: undefined, trouble: "" });
    });
  }

  private async halt(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A server that does not leave is ended by the client; there is nothing to do about it here.
    await client?.dispose().catch(() => undefined);
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const fix = error instanceof SetupError ? error.fix : "The log tells more.";
    this.log.error(message);
    this.become({ phase: "failed", status: undefined, trouble: `${message} ${fix}` });
    void vscode.window.showErrorMessage(`Tierwise: ${message} ${fix}`, AGAIN, LOG, SETTINGS).then((choice) => {
      if (choice === AGAIN) void this.restart();
      if (choice === LOG) this.log.show();
      if (choice === SETTINGS) void vscode.commands.executeCommand("workbench.action.openSettings", "tierwise.server");
    });
  }

  private become(condition: Condition): void {
    this.now = condition;
    this.changes.fire(condition);
  }
}
