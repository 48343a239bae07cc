#!/bin/bash
# Installs what is missing, builds, and runs every check and test. Needs root (apt-get, and a private
# Postfix); changes nothing on the machine but installing the packages of tests/packages.txt.
#
#   sudo tests/run.sh           everything
#   sudo tests/run.sh --quick   the unit tests only
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. tests/install_packages.sh

readonly FUZZ_SECONDS=30
jobs=$(nproc)

main() {
  local quick=no
  case "${1:-}" in
    "") ;;
    --quick) quick=yes ;;
    *) sed -n '2,6s/^# \?//p' "$0"; exit 2 ;;
  esac
  if [ "$(id -u)" -ne 0 ]; then
    echo "run.sh: needs root, for apt-get and a private Postfix: sudo tests/run.sh" >&2
    exit 2
  fi

  install_packages build run test
  remember_compilations
  build release
  if [ "$quick" = yes ]; then
    run_tests release -L unit
  else
    check_format
    check_tidy
    build asan-ubsan --target tests/unit/all
    run_tests asan-ubsan -L unit
    fuzz
    # Most of them wait for servers, most of the time.
    run_tests release -j $((jobs * 2))
  fi
  closing_line
}

step() {
  echo
  echo "== $* ($((SECONDS / 60)) min $((SECONDS % 60)) s)"
}

# The test that follows the README builds the project once more, elsewhere, from the same sources.
remember_compilations() {
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_DIR=${CCACHE_DIR:-$PWD/build/ccache} CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
}

# build PRESET [cmake --build option...]
build() {
  local preset=$1
  shift
  step "Building the $preset preset, warnings are errors"
  cmake --preset "$preset" -DPLAINBOUNCE_WERROR=ON >"$(log_file "configure-$preset")" ||
    { cat "$(log_file "configure-$preset")"; return 1; }
  cmake --build "build/$preset" -j "$jobs" "$@"
}

log_file() {
  mkdir -p build/logs
  echo "build/logs/$1.log"
}

sources() {
  find lib milter cli tests -name '*.cc' -o -name '*.h' | sort
}

check_format() {
  step "clang-format"
  sources | xargs -r clang-format-14 --dry-run --Werror
}

check_tidy() {
  step "clang-tidy"
  local log
  log=$(log_file clang-tidy)
  # The tests' sources are left out: GoogleTest's macros are most of what there would be to say.
  run-clang-tidy-14 -quiet -j "$jobs" -p build/release "$PWD/(lib|milter|cli)/.*\.cc$" \
    >"$log" 2>&1 || { grep -E 'error:|warning:|^ ' "$log" || cat "$log"; return 1; }
}

fuzz() {
  [ -e tests/fuzz/CMakeLists.txt ] || return 0
  step "Fuzzing each target for $FUZZ_SECONDS s"
  cmake --preset fuzz >"$(log_file configure-fuzz)" || { cat "$(log_file configure-fuzz)"; return 1; }
  cmake --build build/fuzz -j "$jobs" --target tests/fuzz/all
  find build/fuzz/tests/fuzz -maxdepth 1 -type f -executable -print0 |
    xargs -0 -r -n 1 -P "$jobs" tests/fuzz_once.sh "$FUZZ_SECONDS"
}

# run_tests PRESET [ctest option...]
run_tests() {
  local preset=$1
  shift
  step "Tests of the $preset preset"
  ctest --test-dir "build/$preset" --output-on-failure \
    --no-tests=error -j "$jobs" "$@" 2>&1 | tee "$(log_file "ctest-$preset")"
}

# What didn't run isn't passed over: it may be what was to be shown.
closing_line() {
  step "Done"
  sed -n '/^The following tests did not run:/,/^$/p' build/logs/ctest-release.log
  grep -h 'tests passed,' build/logs/ctest-release.log
}

main "$@"
