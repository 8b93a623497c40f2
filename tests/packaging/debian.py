"""The Debian package of a build, as a user makes it: cpack."""
import os
import subprocess
from pathlib import Path

EPOCH = "1700000000"  # any fixed moment


def package(build, folder):
    """The .deb that cpack makes of a build directory."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(["cpack", "--config", Path(build) / "CPackConfig.cmake", "-G", "DEB", "-B", folder],
                          capture_output=True, text=True, env=environment, cwd=folder)
    found = sorted(Path(folder).glob("*.deb"))
    assert done.returncode == 0 and len(found) == 1, (done.stdout, done.stderr, found)
    return found[0]


def field(deb, name):
    return subprocess.run(["dpkg-deb", "-f", deb, name], check=True, capture_output=True, text=True).stdout.strip()
