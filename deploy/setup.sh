#!/usr/bin/env bash
# Installs what RouteForce needs and is not there yet, and says what it does. Can be run again.
#
#   deploy/setup.sh run      for building and running: C compiler, pkg-config, ONNX Runtime
#   deploy/setup.sh tests    for the tests too: PostgreSQL, Chromium, OSRM, Python environment
#
# System packages come by apt-get (with sudo unless root); everything else goes into
# ${XDG_CACHE_HOME:-~/.cache}/routeforce and nowhere else.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/routeforce"
readonly ort_version=1.32.0
readonly osrm_version=26.10.0
work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT

say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

apt_updated=
# Installs Debian packages; the first argument says what for.
apt_install() {
  local purpose=$1; shift
  has apt-get || fail "$purpose is missing: install $* with your system's package manager, then run this again"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "$purpose is missing: as root, run: apt-get install $*"
    as_root=(sudo)
  fi
  say "install $purpose: apt-get install $*"
  if [ -z "$apt_updated" ]; then
    "${as_root[@]}" apt-get update -qq
    apt_updated=yes
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

rust() {
  has cargo || [ -x "$HOME/.cargo/bin/cargo" ] ||
    fail "Rust is missing: install it with rustup (https://rustup.rs), then run this again"
}

c_compiler() {
  local missing=()
  has cc || missing+=(gcc libc6-dev)
  has pkg-config || missing+=(pkg-config)
  [ ${#missing[@]} -eq 0 ] || apt_install "the C compiler" "${missing[@]}"
}

# A Python that can make environments; only pip is used of it.
python() {
  python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || apt_install "Python's venv" python3 python3-venv
}

# Makes a Python environment at $1 unless it works already.
environment() {
  if ! "$1/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$1"
    python3 -m venv "$1"
  fi
}

onnxruntime() {
  local platform sha256 library
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64)
      platform=manylinux_2_28_x86_64 library=libonnxruntime.so.$ort_version
      sha256=99e1074c4b2197accd5073052a465361be17b89c093b8ffb6e6bd8f986c52df8 ;;
    Linux-aarch64)
      platform=manylinux_2_28_aarch64 library=libonnxruntime.so.$ort_version
      sha256=e36c187006e7a7c8b8d6d57f1a209dd63f52430dca6c282b177718ad6b841054 ;;
    Darwin-arm64)
      platform=macosx_14_0_arm64 library=libonnxruntime.$ort_version.dylib
      sha256=d52510bbbcc880c13b826f7d75cdf33ac5cf0bb864d960000fc29ce73f0cb83e ;;
    *) fail "no ONNX Runtime is known for $(uname -s) on $(uname -m): put its shared library somewhere and name it in ORT_DYLIB_PATH" ;;
  esac
  local folder="$cache/onnxruntime"
  local link=${library/.$ort_version/}
  if [ -s "$folder/$library" ] && [ -e "$folder/$link" ]; then
    return
  fi
  python
  say "get ONNX Runtime $ort_version ($platform) from the Python package index into $folder"
  mkdir -p "$folder"
  work=$(mktemp -d "$cache/.onnxruntime-XXXXXX")
  environment "$work/python"
  "$work/python/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --implementation cp --python-version 3.12 --abi cp312 \
    --platform "$platform" --dest "$work" "onnxruntime==$ort_version"
  "$work/python/bin/python" - "$work" "$sha256" "$library" <<'PYTHON'
import hashlib, pathlib, sys, zipfile

work, expected, library = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
(wheel,) = work.glob("onnxruntime-*.whl")
found = hashlib.sha256(wheel.read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"error: {wheel.name} has SHA-256 {found}, expected {expected}; not installed")
with zipfile.ZipFile(wheel) as archive:
    (work / library).write_bytes(archive.read(f"onnxruntime/capi/{library}"))
PYTHON
  chmod 755 "$work/$library"
  ln -s "$library" "$work/$link"
  mv -f "$work/$library" "$folder/$library"
  mv -f "$work/$link" "$folder/$link"
  rm -rf "$work"
  work=
}

postgresql() {
  if ! has initdb && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    apt_install "PostgreSQL for the tests (a throw-away server, no service)" postgresql
  fi
}

chromium_browser() {
  has chromium || has chromium-browser || has google-chrome || apt_install "Chromium for the page's test" chromium
}

# OSRM's own programs and car profile, which its Python package carries; no Python runs them.
osrm() {
  local platform sha256
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64)
      platform=manylinux_2_28_x86_64
      sha256=840d6f82812eb9f9e17c71eb9083dfa15f3be2bfec4965c32aefa48b00d3a951 ;;
    Linux-aarch64)
      platform=manylinux_2_28_aarch64
      sha256=df2d386949756b3de034662d2abb378ff1d60ee9b0d5e33c0da4080dc29164a4 ;;
    *)
      say "no OSRM is known for $(uname -s) on $(uname -m): its tests are skipped unless OSRM_BIN names the folder of its programs"
      return ;;
  esac
  local folder="$cache/osrm"
  if [ -f "$folder/.complete" ] && [ "$(cat "$folder/.complete")" = "$osrm_version" ]; then
    return
  fi
  python
  say "get OSRM $osrm_version ($platform) from the Python package index into $folder"
  work=$(mktemp -d "$cache/.osrm-XXXXXX")
  environment "$work/python"
  "$work/python/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --implementation cp --python-version 3.12 --abi cp312 \
    --platform "$platform" --dest "$work" "osrm-bindings==$osrm_version"
  "$work/python/bin/python" - "$work" "$sha256" <<'PYTHON'
import hashlib, pathlib, sys, zipfile

work, expected = pathlib.Path(sys.argv[1]), sys.argv[2]
(wheel,) = work.glob("osrm_bindings-*.whl")
found = hashlib.sha256(wheel.read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"error: {wheel.name} has SHA-256 {found}, expected {expected}; not installed")
with zipfile.ZipFile(wheel) as archive:
    wanted = [name for name in archive.namelist() if name.startswith(("osrm/bin/", "osrm/share/"))]
    archive.extractall(work, wanted)
PYTHON
  chmod 755 "$work"/osrm/bin/*
  printf '%s' "$osrm_version" > "$work/osrm/.complete"
  rm -rf "$folder"
  mv "$work/osrm" "$folder"
  rm -rf "$work"
  work=
}

notebook() {
  python
  local folder="$cache/notebook" wanted
  wanted=$(cksum < notebooks/requirements.txt)
  if [ -f "$folder/.complete" ] && [ "$(cat "$folder/.complete")" = "$wanted" ]; then
    return
  fi
  say "make the notebook's Python environment in $folder"
  environment "$folder"
  rm -f "$folder/.complete"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r notebooks/requirements.txt
  printf '%s' "$wanted" > "$folder/.complete"
}

mkdir -p "$cache"
case "${1:-}" in
  run) rust; c_compiler; onnxruntime ;;
  tests) rust; c_compiler; onnxruntime; postgresql; chromium_browser; osrm; notebook ;;
  *) fail "usage: deploy/setup.sh run|tests" ;;
esac
say "setup for '$1' is complete"
