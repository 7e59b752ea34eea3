// Bundles the extension and the tests of its units, draws its icon and copies the licence: everything of the package but the server's wheel.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const here = (name) => fileURLToPath(new URL(name, root));

await mkdir(here("dist"), { recursive: true });
const options = {
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  // The ES modules of the language client's parts can be shaken, the others cannot.
  mainFields: ["module", "main"],
  logLevel: "warning",
};
await build({ ...options, entryPoints: [here("src/extension.ts")], outfile: here("dist/extension.js") });
// Its units, as the extension host of an editor runs them; they are in no package.
await build({ ...options, minify: false, entryPoints: [here("test/index.ts")], outfile: here("dist/units.js") });
await initWasm(await readFile(here("node_modules/@resvg/resvg-wasm/index_bg.wasm")));
const icon = new Resvg(await readFile(here("media/icon.svg"), "utf8"), { fitTo: { mode: "width", value: 256 } });
await writeFile(here("dist/icon.png"), icon.render().asPng());
await copyFile(here("../LICENSE"), here("LICENSE"));
