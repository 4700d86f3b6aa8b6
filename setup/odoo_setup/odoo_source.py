"""Odoo itself: yours, the cached one, Debian's, or the official repository's.

Odoo is not on PyPI. Debian's unstable suite carries it complete; its package is
unpacked, not installed, together with the web libraries that it links to.
"""

import os
import re
import shutil
from pathlib import Path

from . import apt, console
from .checkout import lock, made_whole, need_space

SERIES = "19.0"
OFFICIAL_REPOSITORY = "https://github.com/odoo/odoo.git"
WEB_LIBRARIES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
# Version 4.7, whose file names Odoo uses; unstable has 7, with other names.
FONT_AWESOME = "fonts-font-awesome/trixie"
# What Debian leaves out, and what the web client asks for all the same.
LEFT_OUT = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


class Odoo:
    """An Odoo 19: the `odoo` Python package and the folders of its addons."""

    def __init__(self, package):
        self.package = Path(package)
        self.version = _version(self.package)

    @property
    def addons_paths(self):
        """The folders of Odoo's own addons: a source tree has two of them."""
        beside = self.package.parent / "addons"
        inside = self.package / "addons"
        return [
            path
            for path in (beside, inside)
            if (path / "__init__.py").exists()
            or (path / "base").exists()
            or (path / "web").exists()
        ]

    def python_path(self, links):
        """The folder to put on PYTHONPATH, in which `odoo` is.

        A system's dist-packages would bring along all its other libraries in place of
        the pinned ones, so a link to Odoo alone is made in the folder `links`.
        """
        if not (self.package.parent / "psycopg2").exists():
            return self.package.parent
        links.mkdir(parents=True, exist_ok=True)
        link = links / "odoo"
        if not link.is_symlink() or link.resolve() != self.package.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(self.package)
        return links


def find(checkout, home=None):
    """The Odoo to use; it is downloaded if there is none yet."""
    if home:
        return from_home(home)
    cached = from_cache(checkout.cache)
    if cached:
        return cached
    with lock(checkout.cache / "odoo.lock", "Odoo"):
        cached = from_cache(checkout.cache)
        if cached:
            return cached
        need_space(checkout.cache, 3)
        return from_debian(checkout) or from_git(checkout)


def from_home(home):
    """The Odoo of ODOO_HOME: a source tree, or a folder in which Odoo is installed."""
    home = Path(home).expanduser()
    advice = (
        "Set it to a source tree (the folder of odoo-bin) or to the folder that has the"
        " installed package `odoo`, or unset it to have Odoo downloaded."
    )
    for package in (home / "odoo", home, home / "usr/lib/python3/dist-packages/odoo"):
        if (package / "release.py").exists():
            odoo = Odoo(package.resolve())
            if odoo.version.startswith(SERIES):
                return odoo
            raise console.Failure(
                f"ODOO_HOME={home} holds Odoo {odoo.version}, and {SERIES} is needed.",
                advice,
            )
    raise console.Failure(f"There is no Odoo in ODOO_HOME={home}.", advice)


def from_cache(cache):
    """What an earlier run has put in the cache; the newest if there are several."""
    folders = [
        path for path in cache.glob("odoo-*") if path.suffix not in (".part", ".lock")
    ]
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True):
        for package in (folder / "odoo", folder / "usr/lib/python3/dist-packages/odoo"):
            if (package / "release.py").exists():
                return Odoo(package)
    return None


def from_debian(checkout):
    """Debian's package and its web libraries, or None where apt has no Debian."""
    if not apt.Apt.available() or not apt.DEBIAN_KEYS.exists():
        return None
    try:
        with console.Step("Looking for Odoo in Debian's archive") as step:
            archive = _archive_of_this_machine(checkout, step)
            if not archive:
                return None
            debian = apt.Apt(
                checkout.cache / "apt-debian",
                [
                    f"deb [signed-by={apt.DEBIAN_KEYS}] {archive} {suite} main"
                    for suite in ("sid", "trixie")
                ],
            )
            answer = debian.update(step)
            version = debian.version("odoo-19")
        if not version:
            console.say(f"Debian's archive did not give Odoo: {_last_error(answer)}")
            return None
        downloads = checkout.cache / "apt-debian" / "packages"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir()
        with console.Step(f"Downloading Odoo {version} (130 MB)") as step:
            packages = ("odoo-19", *WEB_LIBRARIES, FONT_AWESOME)
            archives = debian.download(packages, into=downloads, step=step)
        folder = checkout.cache / f"odoo-{version}"
        with console.Step("Unpacking Odoo (1.2 GB)") as step:
            with made_whole(folder) as part:
                for path in archives:
                    step.detail = path.name
                    apt.unpack(path, part)
                _complete(part / "usr/lib/python3/dist-packages/odoo/addons")
        shutil.rmtree(downloads)
    except console.CommandFailed as failed:
        console.say(f"Debian's archive did not give Odoo: {_last_error(failed.output)}")
        return None
    return from_cache(checkout.cache)


def _archive_of_this_machine(checkout, step):
    """The machine's own address of Debian's archive."""
    machine = apt.Apt(checkout.cache / "apt-machine")
    machine.update(step)
    return machine.debian_archive()


def _complete(addons):
    """Add what the package leaves out, and make sure that no link leads nowhere."""
    for name in LEFT_OUT:
        path = addons / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    dangling = dangling_links(addons / "web")
    if dangling:
        raise console.Failure(
            f"Debian's Odoo links to files that are missing: {dangling[0]}"
            f" and {len(dangling) - 1} more.",
            "Debian has changed its package: use Odoo's own source instead, with"
            f" git clone --depth 1 -b {SERIES} {OFFICIAL_REPOSITORY} and ODOO_HOME.",
        )


def dangling_links(folder):
    """The links below a folder that lead nowhere."""
    return [
        path
        for path in sorted(Path(folder).rglob("*"))
        if path.is_symlink() and not path.exists()
    ]


def from_git(checkout):
    """A shallow clone of the official repository."""
    by_hand = (
        "Is the network up? Otherwise get Odoo 19 by other means and set ODOO_HOME to"
        " its folder."
    )
    if not shutil.which("git"):
        raise console.Failure("Odoo could be got neither by apt nor by git.", by_hand)
    try:
        with console.Step(
            f"Cloning Odoo {SERIES} from its official repository"
        ) as step:
            with made_whole(checkout.cache / f"odoo-{SERIES}-git") as part:
                clone = [
                    "git",
                    "clone",
                    "--depth",
                    "1",
                    "--progress",
                    "--branch",
                    SERIES,
                ]
                environ = dict(os.environ, GIT_TERMINAL_PROMPT="0")
                console.run([*clone, OFFICIAL_REPOSITORY, part], step, env=environ)
    except console.CommandFailed as failed:
        raise console.Failure(
            f"Odoo could not be downloaded: {failed.last_line}", by_hand
        ) from None
    return from_cache(checkout.cache)


def _version(package):
    """Odoo's version, read without running it."""
    text = (package / "release.py").read_text()
    found = re.search(
        r"^version_info\s*=\s*\(\s*'?([^,']+)'?,\s*(\d+)", text, re.MULTILINE
    )
    return ".".join(found.groups()) if found else "of an unknown version"


def _last_error(output):
    errors = [
        line for line in output.splitlines() if line.startswith(("E:", "Err:", "W:"))
    ]
    return (errors or output.splitlines() or ["no answer"])[-1]
