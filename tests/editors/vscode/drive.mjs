// drive.mjs PLAN: opens VS Code and does in its window what standard input says: a line [method, ...arguments] each,
// answered by a line {"value"} or {"error"}. Ends with its input.
import { createInterface } from "node:readline";

import { open } from "./session.mjs";
import { Window } from "./window.mjs";

const plan = JSON.parse(process.argv[2]);
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const session = await open(plan);
try {
  const window = new Window(session.page, plan.pictures, plan.patience);
  await window.ready();
  say({ value: "ready" });
  for await (const line of createInterface({ input: process.stdin })) {
    const [method, ...rest] = JSON.parse(line);
    say(await window[method](...rest).then((value) => ({ value: value ?? null }), (error) => ({ error: `${method}: ${error.message}` })));
  }
} finally {
  await session.close();
}
