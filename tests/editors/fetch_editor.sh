#!/bin/bash
# fetch_editor.sh PACKAGE SUITE PREFIX: unpack a terminal editor from a newer Debian suite into PREFIX and leave the system
# as it is. Debian 12 itself has Neovim 0.7 and no Helix; `trixie` has Neovim 0.10 and Emacs 30, `forky` Neovim 0.12 and
# Helix 25 and Vim 9.2; a language client that is a package of its own comes along. The packages bring their own libc, so
# only the program's ELF interpreter and library path are changed; what the editor starts keeps the system's libraries.
# Needs apt, dpkg and patchelf. Instant when it is there already.
set -euo pipefail

package=$1 suite=$2 prefix=$(readlink -m "$3") packages=("$1")
share=$prefix/usr/share
case $package in
  neovim) name=nvim programs=(usr/bin/nvim) ;;
  hx) name=hx programs=(usr/lib/hx/hx) ;;
  emacs-nox) name=emacs programs=(usr/bin/emacs-nox usr/bin/emacsclient.emacs) packages+=(elpa-lsp-mode) ;;
  vim) name=vim programs=(usr/bin/vim.basic) packages+=(vim-ale) ;;
  *) echo "fetch_editor.sh: no editor '$package'; there are: neovim, hx, emacs-nox, vim" >&2; exit 2 ;;
esac
[[ -x $prefix/$name && -e $prefix/fetched-${packages[-1]} ]] && exit 0
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
apt-get "${options[@]}" install -y --no-install-recommends --download-only "${packages[@]}" >/dev/null
for archive in "$work"/cache/archives/*.deb; do dpkg -x "$archive" "$prefix"; done
for program in "${programs[@]}"; do
  program=$(readlink -f "$prefix/$program")
  loader=$(find "$prefix" -name "$(basename "$(patchelf --print-interpreter "$program")")" | head -n 1)
  patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$prefix/usr/lib/$triplet" "$program"
done
rm -rf "$share"/{doc,man,locale,icons}
program=$(readlink -f "$prefix/${programs[0]}") options=()
case $package in
  neovim) setting=VIMRUNTIME=$share/nvim/runtime ;;
  hx) setting=HELIX_RUNTIME=$prefix/usr/lib/hx/runtime ;;
  emacs-nox)
    version=$(ls "$share/emacs" | grep -m 1 '^[0-9]') inside=$(ls -d "$prefix"/usr/libexec/emacs/*/*)
    setting="EMACSLOADPATH=$(find "$share/emacs/$version/lisp" -type d | paste -s -d :)"
    setting+=" EMACSDATA=$share/emacs/$version/etc EMACSDOC=$share/emacs/$version/etc EMACSPATH=$inside"
    options=("--dump-file=$(ls "$inside"/*.pdmp)")
    ;;
  vim) setting=VIMRUNTIME=$(echo "$share"/vim/vim9*) ;;
esac
printf '#!/bin/sh\nexport %s\nexec %s "$@"\n' "$setting" "$program ${options[*]}" >"$prefix/$name"
chmod +x "$prefix/$name"
touch "$prefix/fetched-${packages[-1]}"
