// Builds the server's wheel from the checkout into dist/server, where the extension looks for it.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const out = fileURLToPath(new URL("dist/server", root));
const python = process.env.PYTHON ?? "python3";

rmSync(out, { recursive: true, force: true });
execFileSync(
  python,
  ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", out, fileURLToPath(new URL("..", root))],
  { stdio: "inherit" },
);
console.log(readdirSync(out).join("\n"));
