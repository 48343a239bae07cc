"""Names of Debian packages -> their files below a directory; nothing is installed."""

import os
import pathlib
import shutil
import subprocess
import tempfile


class PackagesUnavailable(Exception):
    """apt-get couldn't download them; the text says why."""


def unpack(packages, target, witness):
    """Downloads and unpacks into `target`, whose file `witness` tells that another was faster."""
    with tempfile.TemporaryDirectory(prefix="plainbounce-packages-") as directory:
        # apt drops its privileges for downloads.
        os.chmod(directory, 0o777)
        fetched = subprocess.run(["apt-get", "-q", "download", *packages], cwd=directory,
                                 capture_output=True, text=True, timeout=180)
        files = list(pathlib.Path(directory).glob("*.deb"))
        if fetched.returncode != 0 or len(files) != len(packages):
            raise PackagesUnavailable(
                f"apt-get download {' '.join(packages)}: {fetched.stderr.strip()}")
        target.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked beside its place and renamed, so that a half-unpacked one is never used.
        unpacked = pathlib.Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
        for file in files:
            subprocess.run(["dpkg-deb", "-x", file, unpacked], check=True, timeout=60)
        os.chmod(unpacked, 0o755)
        try:
            unpacked.rename(target)
        except OSError:
            shutil.rmtree(unpacked)
            if not (target / witness).exists():
                raise
