# tests/packages.txt -> installed packages. Sourced by run.sh and demo.sh, from the project's root.

# install_packages GROUP...: the groups ("build", "run", "test") that begin with a "# GROUP" line.
# Asks apt for nothing where all is there already.
install_packages() {
  local wanted missing
  wanted=$(awk -v groups=" $* " '
    /^# / { split($2, word, ":"); if (word[1] ~ /^(build|run|test)$/) group = word[1]; next }
    NF && index(groups, " " group " ") { print $1, $3 }' tests/packages.txt)
  missing=$(while read -r package command; do
    [ -n "$command" ] && command -v "$command" >/dev/null && continue
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done <<<"$wanted")
  [ -n "$missing" ] || return 0
  echo "== Installing" $missing
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update
  # shellcheck disable=SC2086  # one word per package
  apt-get -q -y --no-install-recommends install $missing
}
