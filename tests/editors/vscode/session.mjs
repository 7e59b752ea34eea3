// A real VS Code with one extension installed, open in a real browser; everything of it lives below one folder.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { SIZE } from "./window.mjs";

const QUIET = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "files.hotExit": "off",
  "extensions.autoCheckUpdates": false,
  "security.workspace.trust.enabled": false,
  "git.autofetch": false,
  "git.openRepositoryInParentFolders": "never",
};
const DISTRUST = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
const BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const STARTING = 240;

/**
 * Install the extension, start VS Code and open the folder, or the workspace file; `user` and `machine` are settings of
 * those scopes. `units` are the extension's folder and a module in it whose `run` its host shall call. With `distrust`
 * the folder is not trusted, with `trace` the extension's log holds every message.
 */
export async function open({ tools, home, vsix, folder, workspace, units, distrust = false, trace = false, user = {}, machine = {} }) {
  write(join(home, "data/User/settings.json"), { ...QUIET, ...(distrust ? DISTRUST : {}), ...user });
  write(join(home, "data/Machine/settings.json"), machine);
  writeFileSync(join(home, "code-server.yaml"), "{}\n");
  const own = [tools.VSCODE, "--config", join(home, "code-server.yaml"), "--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/"}' };
  const installed = spawnSync(tools.NODE, [...own, "--install-extension", vsix, "--force"], { env, encoding: "utf8" });
  if (installed.status !== 0) throw new Error(`the extension was not installed: ${installed.stdout}${installed.stderr}`);
  const port = await freePort();
  const quiet = ["--disable-telemetry", "--disable-update-check", ...(distrust ? [] : ["--disable-workspace-trust"]), "--disable-getting-started-override", "--disable-proxy"];
  const driver = units ? ["--vscode-option", "enable-smoke-test-driver"] : [];
  const server = spawn(tools.NODE, [...own, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--reconnection-grace-time", "5", ...quiet, ...driver], { env });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (piece) => (said += piece));
  const { chromium } = createRequire(import.meta.url)(tools.PLAYWRIGHT);
  const address = `http://127.0.0.1:${port}`;
  await healthy(address, server, () => said);
  const browser = await chromium.launch({ executablePath: tools.CHROMIUM, args: BROWSER });
  const page = await browser.newPage({ viewport: SIZE });
  const query = new URLSearchParams(workspace ? { workspace } : { folder });
  if (units) {
    const there = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
    query.set("payload", JSON.stringify([["extensionDevelopmentPath", there(units.extension)], ["extensionTestsPath", there(units.module)]]));
    for (const name of ["codeAutomationLog", "codeAutomationExit"]) await page.exposeFunction(name, () => undefined);
  }
  if (trace) query.set("payload", JSON.stringify([["logLevel", "tierwise.tierwise=trace"]]));
  await page.goto(`${address}/?${query}`);
  const close = async () => {
    await browser.close();
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await gone;
  };
  return { page, close };
}

function write(path, content) {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(content, null, 2));
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function healthy(address, server, said) {
  for (let waited = 0; waited < STARTING * 5; waited += 1) {
    if (server.exitCode !== null) break;
    if (await fetch(`${address}/healthz`).then((answer) => answer.ok, () => false)) return;
    await sleep(200);
  }
  throw new Error(`VS Code did not start: ${said()}`);
}
