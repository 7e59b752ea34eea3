/** Tierwise's own requests, as docs and server have them. Money is dollars, latency seconds, null is unknown. */

export type Table = Record<string, unknown>;

export interface Limit {
  readonly spent: number;
  readonly limit: number;
}

/** Answer of `tierwise/status`, and a notification of the same name. */
export interface Status {
  readonly kind: "normal" | "warning" | "error";
  readonly busy: boolean;
  readonly tier: string;
  readonly model: string;
  readonly costToday: number;
  readonly unpricedCalls: number;
  readonly problems: readonly string[];
  readonly savedToday?: number | null;
  readonly paused?: boolean;
  readonly mode?: string;
  readonly quality?: number;
  readonly budget?: { readonly day: Limit | null; readonly month: Limit | null };
}

export interface FeatureChoice {
  readonly feature: string;
  /** The key below `tierwise.` that pins its model. */
  readonly setting: string;
  readonly title: string;
  /** The pinned model; null where it is decided for each request. */
  readonly model: string | null;
}

export interface OfferedModel {
  readonly id: string;
  readonly provider: string;
  /** null where it serves no tier and is only pinned. */
  readonly tier: string | null;
  /** Dollars per million tokens read and written. */
  readonly input: number | null;
  readonly output: number | null;
  readonly latency: number | null;
  readonly acceptance: number | null;
  readonly calls: number;
}

/** Answer of `tierwise/models`. */
export interface Models {
  readonly features: readonly FeatureChoice[];
  readonly models: readonly OfferedModel[];
}

/** The documents that the server hears of. */
export const SCHEMES = ["file", "untitled", "vscode-notebook-cell"] as const;

/** A server that does not know a request is older than this extension. */
export class UnknownRequestError extends Error {
  constructor() {
    super("The server is too old for this. Clear the setting tierwise.server.path, or update tierwise there.");
  }
}

export const STATUS = "tierwise/status";
export const PAUSE = "tierwise/pause";
export const MODELS = "tierwise/models";
export const DECISIONS = "tierwise/decisions";
export const DASHBOARD = "tierwise/dashboard";

/** Whether a value is an object with named fields. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
