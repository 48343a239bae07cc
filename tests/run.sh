#!/bin/bash
# Installs what is missing, builds, and runs every check and test. Needs root (apt-get, and a private
# Postfix); changes nothing on the machine but installing the packages of tests/packages.txt.
#
#   sudo tests/run.sh           everything
#   sudo tests/run.sh --quick   the format of the code and the unit tests only
#   sudo tests/run.sh --anew    (with either) what was built or passed before counts for nothing
#
# build/logs has the output of every step.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. tests/install_packages.sh

jobs=$(nproc)

main() {
  local quick=no anew=no option
  for option in "$@"; do
    case "$option" in
      --quick) quick=yes ;;
      --anew) anew=yes ;;
      *) sed -n '2,/^$/s/^# \?//p' "$0"; exit 2 ;;
    esac
  done
  if [ "$(id -u)" -ne 0 ]; then
    echo "run.sh: needs root, for apt-get and a private Postfix: sudo tests/run.sh" >&2
    exit 2
  fi

  [ "$anew" = no ] || forget
  install_packages build run test
  remember_compilations
  if [ "$quick" = yes ]; then
    check_format
    build release --target tests/unit/all
    run_tests release -L unit
  else
    check_format
    build release
    check_tidy
    build asan-ubsan --target tests/unit/all tests/fuzz/all
    run_tests asan-ubsan -L "unit|fuzz"
    # What threads share: the daemon's parts, and what all of them read at the same time.
    build tsan --target concurrency_test daemon_test
    run_tests tsan -R '^(concurrency|daemon)_test$'
    # Most of them wait for servers, most of the time.
    run_tests release -j $((jobs * 2))
  fi
  closing_line
}

step() {
  echo
  echo "== $* ($((SECONDS / 60)) min $((SECONDS % 60)) s)"
}

# All that earlier runs left for later ones, but for the packages that were fetched.
forget() {
  rm -rf build/ccache build/tidy build/tidy-passed build/release build/asan-ubsan build/tsan \
    build/logs
  unset CCACHE_DIR
}

# The test that follows the README builds the project once more, elsewhere, from the same sources.
remember_compilations() {
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_DIR=${CCACHE_DIR:-$PWD/build/ccache} CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  # What the compiler says that it read is asked, rather than the preprocessor before it.
  export CCACHE_DEPEND=1
  # Without these it forgets what was compiled with precompiled headers.
  export CCACHE_SLOPPINESS=pch_defines,time_macros
}

# build PRESET [cmake --build option...]
build() {
  local preset=$1
  shift
  step "Building the $preset preset, warnings are errors"
  cmake --preset "$preset" -DPLAINBOUNCE_WERROR=ON -DPLAINBOUNCE_WHOLE_PROGRAMS=ON \
    >"$(log_file "configure-$preset")" ||
    { cat "$(log_file "configure-$preset")"; return 1; }
  cmake --build "build/$preset" -j "$jobs" "$@" 2>&1 | tee "$(log_file "build-$preset")"
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
  sources | xargs -r clang-format-14 --dry-run --Werror 2>&1 | tee "$(log_file format)"
}

check_tidy() {
  step "clang-tidy"
  /usr/bin/python3 -B tests/tidy.py build/release "$jobs" 2>&1 | tee "$(log_file tidy)"
}

# run_tests PRESET [ctest option...]: what a program says in the end is kept, for the closing line.
run_tests() {
  local preset=$1
  shift
  step "Tests of the $preset preset"
  ctest --test-dir "build/$preset" --output-on-failure \
    --test-output-truncation head --no-tests=error -j "$jobs" "$@" 2>&1 | tee "$(log_file "ctest-$preset")"
}

# What didn't run isn't passed over: it may be what was to be shown. For ctest a program is one test.
closing_line() {
  step "Done"
  sed -n '/^The following tests did not run:/,/^$/p' build/logs/ctest-release.log
  awk '/^\[==========\] .* ran\./ { tests += $2; programs++ }
    /^\[  SKIPPED \] [A-Z]/ && !/\(/ { skipped[$4] }
    END {
      for (test in skipped) print "skipped: " test
      print tests " unit tests in " programs " programs; each of these counts as one below"
    }' build/release/Testing/Temporary/LastTest.log
  grep -h 'tests passed,' build/logs/ctest-release.log
}

main "$@"
