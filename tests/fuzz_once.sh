#!/bin/bash
# fuzz_once.sh SECONDS TARGET: runs one libFuzzer target, starting from the samples. Prints its
# output where it found something.
set -euo pipefail
seconds=$1 target=$2
project=$(dirname "$(dirname "$(readlink -f "$0")")")
corpus=$(mktemp -d "/tmp/plainbounce-fuzz-XXXXXX")
trap 'rm -rf "$corpus"' EXIT

for sample in "$project"/tests/samples/*/message.eml; do
  [ ! -e "$sample" ] || cp "$sample" "$corpus/$(basename "$(dirname "$sample")")"
done
own_seeds="$project/tests/fuzz/seeds/$(basename "$target")"
[ ! -d "$own_seeds" ] || cp "$own_seeds"/* "$corpus"

log="$project/build/logs/$(basename "$target").log"
mkdir -p "$(dirname "$log")"
if ! "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
  -artifact_prefix="$project/build/logs/$(basename "$target")-" "$corpus" >"$log" 2>&1; then
  tail -60 "$log"
  echo "$(basename "$target"): failed, see $log"
  exit 1
fi
echo "$(basename "$target"): $(grep -c . "$log") lines of log, nothing found: $(tail -1 "$log")"
