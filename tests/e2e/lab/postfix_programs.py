"""Nothing, or Debian's package -> Postfix programs to run privately.

An installed Postfix is used as it is (with a configuration of our own). Where there is none, the
package is downloaded and unpacked, never installed: installing it would replace another mail server
and start a service.
"""

import dataclasses
import pathlib
import subprocess

from .debian_packages import PackagesUnavailable, unpack

PROJECT = pathlib.Path(__file__).resolve().parents[3]
CACHE = PROJECT / "build" / "postfix"


class PostfixUnavailable(Exception):
    """Postfix is neither installed nor to be had; the text says why."""


@dataclasses.dataclass(frozen=True)
class PostfixPrograms:
    """Where the programs lie. `library_path`: for LD_LIBRARY_PATH; empty where none is needed."""

    commands: pathlib.Path
    daemons: pathlib.Path
    libraries: pathlib.Path
    library_path: str

    def environment(self):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"}
        if self.library_path:
            environment["LD_LIBRARY_PATH"] = self.library_path
        return environment


def find_postfix():
    """The installed Postfix, else the unpacked one, else a freshly unpacked one."""
    for root, library_path in ((pathlib.Path("/"), False), (CACHE, True)):
        if (root / "usr/lib/postfix/sbin/master").exists():
            return _programs(root, library_path)
    try:
        unpack(["postfix"], CACHE, "usr/lib/postfix/sbin/master")
    except PackagesUnavailable as error:
        raise PostfixUnavailable(str(error)) from error
    return _programs(CACHE, True)


def _programs(root, private):
    libraries = root / "usr/lib/postfix"
    programs = PostfixPrograms(
        commands=root / "usr/sbin",
        daemons=libraries / "sbin",
        libraries=libraries,
        library_path=str(libraries) if private else "",
    )
    _check_libraries(programs)
    return programs


def _check_libraries(programs):
    """A missing shared library would show up much later, as a service that never answers."""
    for program in ("master", "smtpd", "cleanup"):
        listing = subprocess.run(
            ["ldd", programs.daemons / program],
            env=programs.environment(),
            capture_output=True,
            text=True,
            timeout=30,
        ).stdout
        missing = [line.split()[0] for line in listing.splitlines() if "not found" in line]
        if missing:
            raise PostfixUnavailable(f"Postfix needs {', '.join(missing)}: run tests/run.sh, "
                                     "which installs what tests/packages.txt lists")
