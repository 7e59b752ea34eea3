import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { environment, isReady, type Place } from "../src/server/environment";
import { run, SetupError } from "../src/server/run";
import type { Cases } from "./stage";

const never = new AbortController().signal;

function ignore(): void {
  // Nobody listens.
}

async function place(changes: Partial<Place>): Promise<Place> {
  return { wheels: process.env.TIERWISE_WHEELS ?? "", storage: await mkdtemp(join(tmpdir(), "tierwise-units-")), python: "", ...changes };
}

/** Set the search path to these folders for the time of some work. */
async function withPath(folders: readonly string[], work: () => Promise<void>): Promise<void> {
  const before = process.env.PATH;
  process.env.PATH = folders.join(delimiter);
  try {
    await work();
  } finally {
    process.env.PATH = before;
  }
}

async function refused(where: Place, signal = never): Promise<SetupError> {
  return environment(where, ignore, ignore, signal).then(
    () => assert.fail("an environment was made"),
    (error: unknown) => {
      assert.ok(error instanceof SetupError, String(error));
      return error;
    },
  );
}

export const environments: Cases = {
  "a program that is not there ends with the reason": async () => {
    const ended = await run("/nowhere/program", [], ignore, never);
    assert.equal(ended.code, -1);
    assert.match(ended.output, /ENOENT/);
  },
  "a package without a server, a wrong Python and none at all are explained": async () => {
    assert.match((await refused(await place({ wheels: "/nowhere" }))).message, /holds no server/);
    assert.match((await refused(await place({ python: "/bin/false" }))).message, /\/bin\/false, which is no Python/);
    await withPath([await mkdtemp(join(tmpdir(), "empty-"))], async () => {
      const { message, fix } = await refused(await place({}));
      assert.match(message, /needs Python 3\.11 or newer, and found none/);
      assert.match(fix, /uv/);
    });
  },
  "what was cancelled leaves nothing behind": async () => {
    const where = await place({});
    const error = await refused(where, AbortSignal.abort());
    assert.ok(error.message.length > 0);
    assert.deepEqual(await readdir(where.storage), []);
  },
  "uv makes the environment where there is one, and an older server goes": async () => {
    const where = await place({});
    await mkdir(join(where.storage, "server-older"));
    await writeFile(join(where.storage, "other"), "");
    assert.ok(!(await isReady(where)));
    const [said, heard]: [string[], string[]] = [[], []];
    const uv = process.env.TIERWISE_UV ?? "";
    await withPath([uv, ...(process.env.PATH ?? "").split(delimiter)], async () => {
      const python = await environment(
        where,
        (step) => said.push(step),
        (line) => heard.push(line),
        never,
      );
      const ended = await run(python, ["-I", "-m", "tierwise", "--help"], ignore, never);
      assert.equal(ended.code, 0, ended.output);
    });
    assert.deepEqual(said, ["making an environment", "installing the server"]);
    assert.ok(heard.includes("installing the server with uv"));
    assert.ok(await isReady(where));
    const left = await readdir(where.storage);
    assert.equal(left.length, 2);
    assert.ok(left.includes("other") && !left.includes("server-older"));
  },
};
