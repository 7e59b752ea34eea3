/** The units of the extension, tried in the extension host of a real editor that has two folders open. */

import { writeFile } from "node:fs/promises";

import { edits } from "./edits";
import { environments } from "./environments";
import { proposals } from "./proposals";
import { settings } from "./settings";
import type { Cases } from "./stage";
import { words } from "./words";

const CASES: Cases = { ...words, ...edits, ...settings, ...proposals, ...environments };

/** Run all cases one after another and write what became of each to the file that `TIERWISE_UNITS` names. */
export async function run(): Promise<void> {
  const told: Record<string, string> = {};
  for (const [name, work] of Object.entries(CASES)) {
    try {
      await work();
      told[name] = "passed";
    } catch (error) {
      told[name] = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  }
  await writeFile(process.env.TIERWISE_UNITS ?? "", JSON.stringify(told));
}
