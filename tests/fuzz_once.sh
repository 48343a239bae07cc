#!/bin/bash
# fuzz_once.sh SECONDS TARGET [SEED...]: runs one libFuzzer target, starting from these files. Prints its
# output where it found something. PLAINBOUNCE_FUZZ_CORPUS: a directory that it goes on with, and leaves there.
set -euo pipefail
seconds=$1 target=$2
shift 2
project=$(dirname "$(dirname "$(readlink -f "$0")")")
scratch=$(mktemp -d "/tmp/plainbounce-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
corpus=${PLAINBOUNCE_FUZZ_CORPUS:-$scratch/corpus}
mkdir -p "$corpus"

number=0
for seed in "$@"; do
  number=$((number + 1))  # many have the same name
  cp "$seed" "$corpus/seed-$number-$(basename "$seed")"
done

# Files of the fuzzer's own go with the corpus. A megabyte at the bound of what it may cost takes a minute.
export TMPDIR=$scratch
# Twice as fast: what was freed is kept from use for a shorter time, and what allocated it isn't remembered.
export ASAN_OPTIONS=quarantine_size_mb=8:thread_local_quarantine_size_kb=64:max_malloc_fill_size=0:malloc_context_size=0
ASAN_OPTIONS+=:allocator_release_to_os_interval_ms=-1
log="$project/build/logs/$(basename "$target").log"
mkdir -p "$(dirname "$log")"
if ! "$target" -max_total_time="$seconds" -timeout=100 -rss_limit_mb=2048 -max_len=1048576 -entropic=0 \
  -print_final_stats=1 -artifact_prefix="$project/build/logs/$(basename "$target")-" "$corpus" >"$log" 2>&1; then
  tail -60 "$log"
  echo "$(basename "$target"): failed, see $log"
  exit 1
fi
echo "$(basename "$target"): nothing found: $(grep "DONE" "$log" | tail -1)"
