"""The release build -> its Debian package, and what apt makes of one."""

import os
import pathlib
import re
import subprocess

from .postfix_programs import PROJECT

BUILD = pathlib.Path(os.environ.get("PLAINBOUNCE_BUILD", PROJECT / "build" / "release"))


def built_package():
    """The file that `cpack --preset debian` makes; ctest runs that before the tests that need it."""
    package, = BUILD.glob("plainbounce_*.deb")
    return package


def dependencies(package):
    """The names of the packages that it can't be installed without."""
    fields = subprocess.run(["dpkg-deb", "--field", package, "Depends"], capture_output=True,
                            text=True, check=True, timeout=60).stdout
    return [entry.split()[0] for entry in fields.split(",")]


def later_version(package, version, directory, added_to_conf=""):
    """The same package with another version number, and maybe with more in its conf file."""
    tree = pathlib.Path(directory) / version
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True, timeout=60)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*", f"Version: {version}", control.read_text(),
                              flags=re.MULTILINE))
    with open(tree / "etc/plainbounce/plainbounce.conf", "a", encoding="utf-8") as conf:
        conf.write(added_to_conf)
    made = pathlib.Path(directory) / f"plainbounce_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, made],
                   check=True, timeout=60, stdout=subprocess.DEVNULL)
    return made
