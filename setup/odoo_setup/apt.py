"""Downloads from the machine's own package sources, without being root.

apt is given a state folder of its own, so the system's is neither locked nor changed;
it checks every signature as always. No mirror is named here: the address comes from the
machine's own set-up.
"""

import os
import shutil
from pathlib import Path

from . import console

DEBIAN_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Apt:
    """apt with its own state in a folder, and the machine's sources or those given."""

    def __init__(self, folder, sources=None):
        self.folder = Path(folder)
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.options = [
            f"Dir::State={self.folder}",
            f"Dir::State::lists={self.folder}/lists",
            f"Dir::Cache={self.folder}/cache",
            "Dir::State::status=/dev/null",
            "APT::Sandbox::User=",
            "Acquire::Retries=2",
        ]
        if sources:
            (self.folder / "sources.list").write_text("\n".join(sources) + "\n")
            self.options += [
                f"Dir::Etc::sourcelist={self.folder}/sources.list",
                "Dir::Etc::sourceparts=-",
            ]

    @staticmethod
    def available():
        return bool(shutil.which("apt-get") and shutil.which("dpkg"))

    def _call(self, program, *arguments, **kwargs):
        options = [word for option in self.options for word in ("-o", option)]
        environ = dict(os.environ, LC_ALL="C")
        return console.run([program, *options, *arguments], env=environ, **kwargs)

    def update(self, step=None):
        """Read the package lists. A source that fails does not spoil the others."""
        return self._call("apt-get", "update", step=step, check=False)

    def debian_archive(self):
        """The address from which this machine gets Debian, or None if it does not."""
        listing = self._call(
            "apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(CODENAME)"
        )
        for line in sorted(set(listing.splitlines())):
            uri, origin, codename = (line.split() + ["", ""])[:3]
            if origin == "Debian" and "-" not in codename:
                return uri
        return None

    def version(self, package):
        """The version that would be downloaded, or None if there is none."""
        for line in self._call("apt-cache", "policy", package).splitlines():
            if line.strip().startswith("Candidate:"):
                version = line.split(":", 1)[1].strip()
                return None if version == "(none)" else version
        return None

    def download(self, packages, into, step=None):
        """Download packages into a folder; return the files."""
        self._call("apt-get", "download", *packages, cwd=into, step=step)
        return sorted(Path(into).glob("*.deb"))


def unpack(archive, into):
    """Unpack a Debian package without installing it."""
    console.run(["dpkg-deb", "--extract", archive, into])
