"""Packages of npm in the cache: those of the lint, and those of the tests."""

import hashlib
import shutil

from . import console
from .checkout import lock, made_whole


def find_or_install(checkout, name):
    """The folder `node_modules` of `setup/NAME-packages.json`; filled if need be.

    None where there is no npm. A failure of npm is raised.
    """
    if not shutil.which("npm"):
        return None
    folder = _folder(checkout, name)
    with lock(checkout.cache / f"{name}.lock", f"the packages of {name}"):
        if not folder.exists():
            with console.Step(f"Installing what {name} needs from npm") as step:
                with made_whole(folder) as part:
                    (part / "package.json").write_bytes(_wanted(checkout, name))
                    install = ["npm", "install", "--no-audit", "--no-fund"]
                    console.run([*install, "--ignore-scripts"], step, cwd=part)
    return folder / "node_modules"


def find_or_do_without(checkout, name):
    """The same for what the tests can do without: those that need it are skipped."""
    try:
        return find_or_install(checkout, name)
    except console.CommandFailed as failed:
        console.say(f"npm cannot install what {name} needs: {failed.last_line}")
        return None


def find(checkout, name):
    """The folder `node_modules` if it is in the cache already, or None."""
    folder = _folder(checkout, name)
    return folder / "node_modules" if folder.exists() else None


def _wanted(checkout, name):
    return (checkout.root / "setup" / f"{name}-packages.json").read_bytes()


def _folder(checkout, name):
    code = hashlib.sha256(_wanted(checkout, name)).hexdigest()[:8]
    return checkout.cache / f"{name}-{code}"
