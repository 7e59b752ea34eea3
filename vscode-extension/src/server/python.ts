/** What an environment for the server can be made with: uv, or a Python that is new enough. */

import { type Ended, type Listener, run, SetupError } from "./run";

/** Makes an environment in a folder and installs a wheel there. */
export interface Maker {
  readonly name: string;
  make(folder: string): readonly Step[];
}

interface Step {
  readonly says: string;
  readonly command: string;
  readonly args: (wheel: string) => readonly string[];
}

const OLDEST = [3, 11] as const;
const WINDOWS = process.platform === "win32";
const NAMES = WINDOWS ? ["py", "python", "python3"] : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];

/** Return the Python of an environment. */
export function pythonOf(folder: string): string {
  return WINDOWS ? `${folder}\\Scripts\\python.exe` : `${folder}/bin/python`;
}

/** Find what is there; `wished` is the user's own Python and wins. Raises SetupError. */
export async function findMaker(wished: string, hear: Listener, signal: AbortSignal): Promise<Maker> {
  if (wished) {
    const found = await version(wished, signal);
    if (found === undefined) {
      throw new SetupError(
        `tierwise.server.python names ${wished}, which is no Python 3.11 or newer.`,
        "Correct the setting, or clear it to have one looked for.",
      );
    }
    return venv(wished);
  }
  if ((await quiet("uv", ["--version"], signal)).code === 0) return uv();
  for (const name of NAMES) {
    const found = await version(name, signal);
    hear(`${name}: ${found ?? "not there, or older than 3.11"}`);
    if (found !== undefined) return venv(name);
  }
  throw new SetupError(
    "Tierwise needs Python 3.11 or newer, and found none.",
    "Install Python from python.org or your system's packages, or uv; or name one in the setting tierwise.server.python.",
  );
}

function uv(): Maker {
  return {
    name: "uv",
    make: (folder) => [
      { says: "making an environment", command: "uv", args: () => ["venv", "--python", ">=3.11", folder] },
      { says: "installing the server", command: "uv", args: (wheel) => ["pip", "install", "--python", pythonOf(folder), wheel] },
    ],
  };
}

function venv(python: string): Maker {
  return {
    name: python,
    make: (folder) => [
      { says: "making an environment", command: python, args: () => ["-m", "venv", folder] },
      {
        says: "installing the server",
        command: pythonOf(folder),
        // Compiling what is never imported would take half of the time.
        args: (wheel) => ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile", wheel],
      },
    ],
  };
}

async function version(python: string, signal: AbortSignal): Promise<string | undefined> {
  const { code, output } = await quiet(python, ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], signal);
  const [major = 0, minor = 0] = output.trim().split(".").map(Number);
  return code === 0 && (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) ? output.trim() : undefined;
}

async function quiet(command: string, args: readonly string[], signal: AbortSignal): Promise<Ended> {
  return run(command, args, () => undefined, signal);
}
