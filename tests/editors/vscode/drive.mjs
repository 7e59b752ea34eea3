// drive.mjs PLAN: one session in VS Code, as a new user would have it; prints what was seen as JSON.
import { open } from "./session.mjs";
import { Window } from "./window.mjs";

const plan = JSON.parse(process.argv[2]);
const seen = {};
const session = await open({ ...plan, user: { "tierwise.server.path": "" } });
const window = new Window(session.page, plan.pictures);
try {
  await window.ready();
  seen.started = await window.until(() => window.status(), (text) => text.includes("$"), "the running server");
  await window.picture("started");
  await setKey();
  await ghostText();
  await docstring();
  await explain();
} catch (error) {
  seen.failed = String(error.stack);
  seen.notifications = await window.notifications();
  await window.picture("failed");
} finally {
  await session.close();
}
console.log(JSON.stringify(seen));

async function setKey() {
  await window.command("Tierwise: Set a Key");
  await window.pick("Anthropic");
  await window.answer("The key of Anthropic", plan.key);
  seen.ready = await window.until(() => window.status(), (text) => text.includes("$"), "the server with a key");
}

async function ghostText() {
  await window.openFile("sums.py");
  await window.goto(2, 5);
  await window.type("ret");
  seen.ghost = await window.ghost();
  await window.picture("ghost");
  await window.press("Tab");
  seen.accepted = await window.until(() => window.buffer(), (text) => text.includes("return a + b"), "the accepted text");
  seen.status = await window.until(() => window.status(), (text) => text.includes("fast"), "the tier at work");
}

async function docstring() {
  await window.goto(1, 5);
  await window.action("Generate docstring");
  seen.documented = await window.until(() => window.buffer(), (text) => text.includes('"""'), "the docstring");
  await window.picture("docstring");
}

async function explain() {
  await window.goto(1, 6);
  seen.hover = await window.hover();
  await window.picture("hover");
}
