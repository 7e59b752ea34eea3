/** Other programs, run to their end. */

import { spawn } from "node:child_process";

/** Says in a sentence what went wrong, and in another one how to mend it. */
export class SetupError extends Error {
  constructor(
    message: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Where the lines of a program go while it runs. */
export type Listener = (line: string) => void;

/** Run a program without a shell; one that cannot be started ends with code -1 and the reason as its output. */
export async function run(command: string, args: readonly string[], hear: Listener, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true, signal });
    let output = "";
    const take = (piece: Buffer): void => {
      const text = piece.toString("utf8");
      output += text;
      for (const line of text.split(/\r?\n/)) if (line.trim()) hear(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      resolve({ code: -1, output: `${output}${error.message}` });
    });
    child.on("close", (code) => {
      resolve({ code: code ?? -1, output });
    });
  });
}
