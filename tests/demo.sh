#!/bin/bash
# Shows a bounce that a real Postfix made, as it was and as plainbounce makes it.
#
#   sudo tests/demo.sh
#
# Installs what building needs, builds, and starts on loopback a private Postfix, a remote mail
# server that refuses, and plainbounce-milter; sends a mail as a user would; stops everything again.
# The machine's own mail server, if there is one, is neither touched nor needed.
#
# PLAINBOUNCE_BUILD names a build directory that is there already: nothing is installed or built then.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. tests/install_packages.sh

build() {
  install_packages build run
  mkdir -p build/logs
  echo "== Building (the first time this takes a minute or two)"
  # Without debug information and with little optimisation: it builds in half the time.
  if ! { cmake --preset release -B build/demo -DBUILD_TESTING=OFF -DPLAINBOUNCE_WERROR=OFF \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 &&
    cmake --build build/demo -j "$(nproc)" --target plainbounce-milter; } \
    >build/logs/demo-build.log 2>&1; then
    tail -40 build/logs/demo-build.log
    exit 1
  fi
}

if [ "$(id -u)" -ne 0 ]; then
  echo "demo.sh: needs root, for apt-get and a private Postfix: sudo tests/demo.sh" >&2
  exit 2
fi
if [ -z "${PLAINBOUNCE_BUILD:-}" ]; then
  build
  export PLAINBOUNCE_BUILD=$PWD/build/demo
fi
# Python passes Ctrl-C on to nothing but itself: it stops what it started, by process id.
exec python3 -B tests/e2e/demo.py
