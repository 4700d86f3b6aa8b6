"""The browser of the tests: Debian's Chromium, installed if that is allowed."""

import contextlib
import os
import platform
import shutil

from . import bench, console

# Where Odoo's own tests look, in the same order.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
MISSING = "no Chromium on this machine (as root: apt-get install chromium)"


def find():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_or_install():
    """Install Chromium if it is missing and we may; else the tests do without."""
    if find() or os.geteuid() or not shutil.which("apt-get") or not _is_debian():
        return
    with console.Step("Installing Chromium for the browser tests") as step:
        environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        try:
            console.run(["apt-get", "update"], step, env=environ, check=False)
            console.run(install, step, env=environ)
        except console.CommandFailed as failed:
            console.say(f"Chromium cannot be installed: {failed.last_line}")


def _is_debian():
    """Ubuntu's package is only a pointer to a snap, which containers cannot run."""
    with contextlib.suppress(OSError):
        return platform.freedesktop_os_release().get("ID") == "debian"
    return False


@contextlib.contextmanager
def temporary_home(checkout):
    """Environment with a home and a temporary folder that are removed at the end.

    Browsers that a killed run leaves behind have their profiles in there, and the next
    run removes those. The path is short, because Chromium makes sockets below.
    """
    for old in (checkout.cache / "tmp").glob("*"):
        if not bench.alive(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    folder = checkout.cache / "tmp" / str(os.getpid())
    folder.mkdir(parents=True)
    passwords = os.environ.get("PGPASSFILE", os.path.expanduser("~/.pgpass"))
    try:
        yield {
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "XDG_CACHE_HOME": str(checkout.cache.parent),
            "PGPASSFILE": passwords,
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
