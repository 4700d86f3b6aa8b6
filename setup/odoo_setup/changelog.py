"""The changelog of each addon, built by towncrier from its fragments."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from . import console

FRAGMENT = re.compile(r"(\d+|\+\w+)\.(feature|bugfix|doc|removal|misc)\.md")
FOLDER = "readme/newsfragments"


def get_misnamed(addon):
    """The fragments that towncrier would not read."""
    return [
        path.name
        for path in sorted((addon / FOLDER).iterdir())
        if path.name != "README.md" and not FRAGMENT.fullmatch(path.name)
    ]


def build(addon, write=False):
    """Show what the fragments make together, or put it into CHANGELOG.md.

    :return: what towncrier printed
    :raise console.Failure: if a fragment has a name that towncrier does not read
    """
    if misnamed := get_misnamed(addon):
        raise console.Failure(
            f"{addon.name}: {', '.join(misnamed)}: no such fragments are known.",
            f"Their names are explained in {addon.name}/{FOLDER}/README.md.",
        )
    version = ast.literal_eval((addon / "__manifest__.py").read_text())["version"]
    program = Path(sys.executable).parent / "towncrier"
    done = subprocess.run(
        [program, "build", "--version", version, "--yes" if write else "--draft"],
        cwd=addon,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise console.Failure(
            f"{addon.name}: towncrier failed: {done.stderr.strip()[-300:]}",
            "Is the folder a git checkout? It stages what it writes.",
        )
    if write:
        path = addon / "CHANGELOG.md"
        path.write_text(path.read_text().lstrip())
    return done.stdout
