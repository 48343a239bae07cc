#!/bin/bash
# Sends bounces through a private Postfix and plainbounce-milter while something goes wrong with them, checks
# each that is delivered, and prints a table. Takes hours, and root; the release build must be there.
#
#   sudo tests/soak/run.sh                              each fault, 10,000 bounces
#   sudo tests/soak/run.sh --bounces 500 --fault killed --fault stopped
#   sudo tests/soak/run.sh --list                       the names of the faults
set -euo pipefail
project=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
export PLAINBOUNCE_BUILD=${PLAINBOUNCE_BUILD:-$project/build/release}
exec python3 -B "$project/tests/soak/soak.py" "$@"
