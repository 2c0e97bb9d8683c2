#!/bin/sh
# Installs rdsiam for this user, from the binaries of its releases:
#
#   curl -fsSL https://github.com/rdsiam/rdsiam/releases/latest/download/install.sh | sh
#   sh install.sh --version 0.1.0 --dir "$HOME/bin"
#
# Needs tar, curl or wget, and one of sha256sum, shasum and openssl; no root. Nothing is put in its place before it was
# downloaded whole, its SHA-256 was found in the release's SHA256SUMS, and it ran.
#
# RDSIAM_DOWNLOAD_URL: a mirror of https://github.com/rdsiam/rdsiam/releases, laid out alike.
#
# All is in functions that the last line calls: a script that was cut off on its way does nothing.

set -eu

RELEASES="https://github.com/rdsiam/rdsiam/releases"

usage() {
  cat <<USAGE
Usage: install.sh [--version X.Y.Z] [--dir DIR]

  --version X.Y.Z  the version to install (default: the latest)
  --dir DIR        where to put it (default: ~/.local/bin)
  --help           print this help

Environment:
  RDSIAM_DOWNLOAD_URL  a mirror of $RELEASES
USAGE
}

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT] [EXIT CODE]
fail() {
  say "error: $1"
  [ -z "${2:-}" ] || say "hint: $2"
  exit "${3:-1}"
}

has() { command -v "$1" >/dev/null 2>&1; }

# The target of the binary for this machine, as the assets are named.
detect_target() {
  os=$(uname -s)
  cpu=$(uname -m)
  case $cpu in
    x86_64 | amd64) cpu=x86_64 ;;
    aarch64 | arm64) cpu=aarch64 ;;
    *) fail "There is no rdsiam for this processor: $cpu" \
      "It is made for x86_64 and aarch64" ;;
  esac
  case $os in
    Linux)
      is_musl && fail "There is no rdsiam for this Linux: it has musl instead of glibc" \
        "Use an image of Debian, Ubuntu, Fedora or the like, such as debian:stable-slim"
      target=$cpu-unknown-linux-gnu
      ;;
    Darwin)
      # A shell under Rosetta says x86_64 on a machine that is faster without it.
      if [ "$cpu" = x86_64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || :)" = 1 ]; then
        cpu=aarch64
      fi
      target=$cpu-apple-darwin
      ;;
    MINGW* | MSYS* | CYGWIN* | Windows_NT)
      fail "This script is not for Windows" \
        "In PowerShell: irm $RELEASES/latest/download/install.ps1 | iex"
      ;;
    *) fail "There is no rdsiam for this system: $os" \
      "It is made for Linux, macOS and Windows" ;;
  esac
}

is_musl() {
  # glibc's getconf knows this name; musl's does not, and Alpine's ldd names musl.
  if getconf GNU_LIBC_VERSION >/dev/null 2>&1; then return 1; fi
  case $(ldd --version 2>&1 || :) in
    *musl*) return 0 ;;
    *GLIBC* | *"GNU libc"*) return 1 ;;
  esac
  for loader in /lib/ld-musl-*; do
    if [ -e "$loader" ]; then return 0; fi
  done
  return 1
}

# download URL FILE
download() {
  case $1 in
    https://*) secure=yes ;;
    *) secure=no ;; # a server of this machine: main() takes no other
  esac
  if has curl; then
    if [ "$secure" = yes ]; then
      set -- "$1" "$2" --proto '=https' --tlsv1.2
    else
      set -- "$1" "$2" --proto '=http,https'
    fi
    url=$1 file=$2
    shift 2
    curl "$@" --fail --silent --show-error --location \
      --connect-timeout 20 --speed-limit 1 --speed-time 60 \
      --output "$file" "$url" 2>"$log" || return 1
  elif has wget && wget --version 2>/dev/null | grep -q GNU; then
    wget --server-response --tries=2 --timeout=60 -O "$2" "$1" 2>"$log" || return 1
    # wget follows a redirection to anywhere.
    if [ "$secure" = yes ] && grep -Eiq '^ *location: *http:' "$log"; then
      echo "redirected to a server without TLS" >"$log"
      return 1
    fi
  elif has wget; then
    wget -O "$2" "$1" 2>"$log" || return 1 # busybox has no more options that work everywhere
  else
    fail "Nothing to download with was found" "Install curl or wget"
  fi
}

# get URL FILE: downloads it or fails with what to do.
get() {
  download "$1" "$2" && return
  say "$(tail -n 3 "$log")"
  fail "Download failed: $1" \
    "Check the version and the network; a proxy is taken from HTTPS_PROXY"
}

# sha256 FILE: sets $sum.
sha256() {
  if has sha256sum; then
    sum=$(sha256sum <"$1")
  elif has shasum; then
    sum=$(shasum -a 256 <"$1")
  elif has openssl; then
    sum=$(openssl dgst -sha256 -r <"$1")
  else
    fail "Nothing to check a SHA-256 with was found" \
      "Install sha256sum (coreutils), shasum or openssl"
  fi
  sum=${sum%% *}
  [ ${#sum} -eq 64 ] || fail "The SHA-256 of the download cannot be computed"
}

# checksum_line NAME-PATTERN: sets $expected and $asset from the line of SHA256SUMS whose name matches.
checksum_line() {
  expected='' asset=''
  while read -r hash name; do
    name=${name#\*}
    # shellcheck disable=SC2254 # it is a pattern
    case $name in
      $1) expected=$hash asset=$name ;;
    esac
  done <"$work/SHA256SUMS"
}

clean() {
  if [ -n "${work:-}" ]; then
    rm -rf "$work"
    work=''
  fi
}

main() {
  version=latest
  dir=${HOME:-}/.local/bin
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --dir)
        [ $# -ge 2 ] || fail "Option $1 needs a value" "Run install.sh --help" 2
        if [ "$1" = --dir ]; then dir=$2; else version=${2#v}; fi
        shift 2
        ;;
      --help)
        usage
        exit 0
        ;;
      *) fail "Unknown option $1" "Run install.sh --help" 2 ;;
    esac
  done
  case $version in
    latest) ;;
    *[!0-9A-Za-z.+-]* | '' | [!0-9]*) fail "The --version is not valid" "Give it as 0.1.0" 2 ;;
  esac
  case $dir in
    '' | /.local/bin) fail "There is no home folder to install into" "Name a folder with --dir" 2 ;;
    /*) ;;
    *) dir=$PWD/$dir ;;
  esac
  releases=${RDSIAM_DOWNLOAD_URL:-$RELEASES}
  releases=${releases%/}
  case $releases in
    https://?*) ;;
    http://127.0.0.1[:/]* | http://localhost[:/]* | http://\[::1\][:/]*) ;;
    *)
      fail "RDSIAM_DOWNLOAD_URL is not an HTTPS URL" \
        "Give it as https://…; http: is for a server of this machine alone" 2
      ;;
  esac
  has tar || fail "tar was not found" "Install tar"
  detect_target

  mkdir -p "$dir" 2>/dev/null || fail "Folder $dir cannot be made" "Name one of your own with --dir"
  [ ! -d "$dir/rdsiam" ] || fail "$dir/rdsiam is a folder" "Name another folder with --dir"
  # In the same file system as the place it goes to, so that it is put there at once.
  trap clean EXIT
  trap 'clean; exit 130' INT
  trap 'clean; exit 143' TERM
  trap 'clean; exit 129' HUP
  work=$(mktemp -d "$dir/.rdsiam-install.XXXXXX" 2>/dev/null) ||
    fail "Folder $dir cannot be written to" "Name one of your own with --dir"
  log=$work/log

  # The checksums carry the version in their files' names, which is how the latest one is learnt.
  if [ "$version" = latest ]; then
    get "$releases/latest/download/SHA256SUMS" "$work/SHA256SUMS"
    checksum_line "rdsiam-[0-9]*-$target.tar.gz"
    version=${asset#rdsiam-}
    version=${version%"-$target.tar.gz"}
  else
    get "$releases/download/v$version/SHA256SUMS" "$work/SHA256SUMS"
    checksum_line "rdsiam-$version-$target.tar.gz"
  fi
  [ -n "$expected" ] || fail "The release has no binary for this machine ($target)" \
    "See $RELEASES"
  case $asset in
    */*) fail "SHA256SUMS is damaged" ;;
  esac

  say "Downloading rdsiam $version for $target"
  get "$releases/download/v$version/$asset" "$work/$asset"
  sha256 "$work/$asset"
  [ "$sum" = "$expected" ] || fail "The download is damaged: its SHA-256 is not the one in SHA256SUMS" \
    "Try again; if it stays so, tell https://github.com/rdsiam/rdsiam/issues"

  tar -xzf "$work/$asset" -C "$work" rdsiam 2>"$log" || {
    say "$(tail -n 3 "$log")"
    fail "The archive cannot be unpacked" "Check the free space of $dir"
  }
  chmod 755 "$work/rdsiam"
  answer=$("$work/rdsiam" --version 2>"$log") || {
    say "$(tail -n 3 "$log")"
    fail "The binary does not run on this machine, and was not installed" \
      "An old system lacks what it needs; in a folder that is mounted noexec nothing runs: name another with --dir"
  }
  [ "$answer" = "rdsiam $version" ] || fail "The binary says that it is \"$answer\", not rdsiam $version"
  mv -f "$work/rdsiam" "$dir/rdsiam" || fail "$dir/rdsiam cannot be replaced"
  say "Installed: $dir/rdsiam ($answer)"

  case :$PATH: in
    *":$dir:"*) ;;
    *) say "hint: Folder $dir is not on PATH; add it: export PATH=\"$dir:\$PATH\"" ;;
  esac
}

main "$@"
