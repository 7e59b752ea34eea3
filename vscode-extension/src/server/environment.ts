/** The server's own environment: made once for each wheel, in a folder of its own that appears whole or not at all. */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { findMaker, pythonOf } from "./python";
import { type Ended, type Listener, run, SetupError } from "./run";

const MARK = "complete";
const PREFIX = "server-";

export interface Place {
  /** The folder of the extension's package that holds the wheel. */
  readonly wheels: string;
  /** The extension's folder for what it keeps. */
  readonly storage: string;
  /** The user's wish which Python to use, or an empty string. */
  readonly python: string;
}

/** Return the environment's Python, making the environment where it is not there yet. Raises SetupError. */
export async function environment(place: Place, tell: Listener, hear: Listener, signal: AbortSignal): Promise<string> {
  const wheel = await wheelIn(place.wheels);
  const folder = await folderFor(place, wheel);
  if (!(await exists(join(folder, MARK)))) {
    await build(place, wheel, folder, tell, hear, signal);
    await forget(place.storage, basename(folder));
  }
  return pythonOf(folder);
}

/** Whether the environment is there already. */
export async function isReady(place: Place): Promise<boolean> {
  return exists(join(await folderFor(place, await wheelIn(place.wheels)), MARK));
}

/** Remove every environment but the one to keep. */
export async function forget(storage: string, keep = ""): Promise<void> {
  const names = await readdir(storage).catch(() => []);
  for (const name of names) {
    // Another window's server may still run from it: what cannot be removed now is removed after the next update.
    if (name.startsWith(PREFIX) && name !== keep) await rm(join(storage, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function build(place: Place, wheel: string, folder: string, tell: Listener, hear: Listener, signal: AbortSignal): Promise<void> {
  await mkdir(place.storage, { recursive: true });
  const draft = await mkdtemp(join(place.storage, "new-"));
  try {
    const maker = await findMaker(place.python, hear, signal);
    for (const step of maker.make(draft)) {
      tell(step.says);
      hear(`${step.says} with ${maker.name}`);
      const ended = await run(step.command, step.args(wheel), hear, signal);
      if (ended.code !== 0) throw explain(step.says, ended, signal);
    }
    await writeFile(join(draft, MARK), basename(wheel));
    await take(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Put the draft in its place; another window may have been faster, which serves as well. */
async function take(draft: string, folder: string): Promise<void> {
  if (!(await exists(join(folder, MARK)))) await rm(folder, { recursive: true, force: true });
  await rename(draft, folder).catch(async (error: unknown) => {
    if (!(await exists(join(folder, MARK)))) throw error;
  });
}

function explain(step: string, ended: Ended, signal: AbortSignal): SetupError {
  if (signal.aborted) return new SetupError("Setting up the server was cancelled.", "Run “Tierwise: Restart the Server” to try again.");
  if (/ensurepip|python3-venv/.test(ended.output)) {
    return new SetupError(
      "This Python cannot make environments.",
      "On Debian and Ubuntu install the package python3-venv; or install uv, which needs no Python.",
    );
  }
  if (/Could not find a version|ConnectionError|NewConnectionError|Temporary failure|Failed to fetch|No matching distribution/i.test(ended.output)) {
    return new SetupError(
      "The packages that the server needs could not be fetched.",
      "Check the network and the proxy settings of pip or uv; the log tells more. Or install tierwise yourself and set tierwise.server.path.",
    );
  }
  return new SetupError(`Setting up the server failed while ${step}.`, "The log tells why.");
}

async function wheelIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (wheel === undefined) {
    throw new SetupError("This package of the extension holds no server.", "Install tierwise (pipx install tierwise) and set tierwise.server.path.");
  }
  return join(folder, wheel);
}

async function folderFor(place: Place, wheel: string): Promise<string> {
  const digest = createHash("sha256").update(place.python).update(await readFile(wheel)).digest("hex");
  return join(place.storage, `${PREFIX}${digest.slice(0, 16)}`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
