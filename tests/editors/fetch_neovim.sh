#!/bin/bash
# fetch_neovim.sh PREFIX: unpack a current Neovim from a newer Debian suite into PREFIX and leave the system as it is.
# Debian 12 itself has Neovim 0.7, `forky` 0.12. The package brings its own libc, so only the program's ELF interpreter
# and library path are changed. Needs apt, dpkg and patchelf. Instant when it is there already.
set -euo pipefail

prefix=$(readlink -m "$1") suite=forky
[[ -x $prefix/nvim ]] && exit 0
# The mirror that this machine's apt already uses.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
arch=$(dpkg --print-architecture) triplet=$(uname -m)-linux-gnu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,empty} "$prefix"
: >"$work/status"
echo "deb [arch=$arch signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/sources.list"
options=(-q -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
  -o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/empty"
  -o "Dir::Etc::PreferencesParts=$work/empty" -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Languages=none)
apt-get "${options[@]}" update >/dev/null
apt-get "${options[@]}" install -y --no-install-recommends --download-only neovim >/dev/null
for package in "$work"/cache/archives/*.deb; do dpkg -x "$package" "$prefix"; done
program=$(readlink -f "$prefix/usr/bin/nvim")
loader=$(find "$prefix" -name "$(basename "$(patchelf --print-interpreter "$program")")" | head -n 1)
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$prefix/usr/lib/$triplet" "$program"
rm -rf "$prefix"/usr/share/{doc,man,locale,icons}
printf '#!/bin/sh\nexport VIMRUNTIME=%s\nexec %s "$@"\n' "$prefix/usr/share/nvim/runtime" "$program" >"$prefix/nvim"
chmod +x "$prefix/nvim"
