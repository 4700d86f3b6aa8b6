"""What OCA checks of an addon for Odoo 19: ruff, pylint-odoo, its own checks of modules
and translations, prettier and eslint."""

import os
import shutil
import sys
from pathlib import Path

from . import console, documents, npm
from .checkout import ADDONS

PRETTY = {".css", ".js", ".json", ".scss", ".xml", ".yaml", ".yml"}
# Other people's libraries, and the page of the Apps store, which has rules of its own.
NOT_OURS = ("static/lib/", "static/src/lib/", "static/description/")


def check(checkout, fix=False):
    """Run every check and say which failed; return an exit code."""
    programs = Path(sys.executable).parent
    fixing = ["--fix"] if fix else []
    translations = [
        str(path.relative_to(checkout.root))
        for addon in ADDONS
        for path in sorted((checkout.root / addon / "i18n").glob("*.po*"))
    ]
    checks = {
        "ruff": [programs / "ruff", "check", *fixing, "."],
        "ruff format": [
            programs / "ruff",
            "format",
            *([] if fix else ["--check"]),
            ".",
        ],
        "pylint-odoo": [programs / "pylint", "--rcfile=.pylintrc", *ADDONS],
        "oca-checks-odoo-module": [
            programs / "oca-checks-odoo-module",
            *fixing,
            *ADDONS,
        ],
        "oca-checks-po": [
            programs / "oca-checks-po",
            # It empties words that are the same in French: those that nobody has
            # translated could not be told from them any more.
            "--disable=po-pretty-format",
            *translations,
        ],
    }
    failed = [
        name for name, command in checks.items() if not _passes(checkout, name, command)
    ]
    failed += _check_pages(checkout, fix)
    failed += _check_web(checkout, fix)
    console.say(f"Lint failed: {', '.join(failed)}" if failed else "Lint passed.")
    return 1 if failed else 0


def _check_pages(checkout, fix):
    """README.rst and the guide against their fragments; return what failed."""
    stale = documents.get_stale(checkout.root, ADDONS)
    for path, text in stale.items():
        if fix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        else:
            name = path.relative_to(checkout.root)
            console.say(f"{name} is stale: ./setup/lint --fix makes it anew.")
    if stale and not fix:
        return ["pages made from readme/"]
    console.say("pages made from readme/: passed")
    return []


def _check_web(checkout, fix):
    """prettier and eslint, which npm installs; return the names of what failed."""
    if not shutil.which("npm"):
        console.say("prettier and eslint are skipped: there is no npm on this machine.")
        return ["npm is missing"] if os.environ.get("CI") else []
    modules = _node_modules(checkout)
    pretty = _files(checkout, PRETTY)
    scripts = [name for name in pretty if name.endswith(".js")]
    checks = {
        "prettier": ["prettier", "--write" if fix else "--check", *pretty],
        "eslint": ["eslint", "--fix" if fix else "--max-warnings=0", *scripts],
    }
    environ = dict(os.environ, NODE_PATH=str(modules))
    return [
        name
        for name, (program, option, *files) in checks.items()
        if files
        and not _passes(
            checkout, name, [modules / ".bin" / program, option, *files], env=environ
        )
    ]


def _passes(checkout, name, command, **options):
    try:
        console.run(command, cwd=checkout.root, **options)
    except console.CommandFailed as failed:
        console.say(f"--- {name} ---\n{failed.output.rstrip()}\n")
        return False
    console.say(f"{name}: passed")
    return True


def _files(checkout, suffixes):
    """The addons' files of some kinds, without what is not ours to format."""
    paths = [
        path for addon in ADDONS for path in sorted((checkout.root / addon).rglob("*"))
    ]
    names = [
        str(path.relative_to(checkout.root))
        for path in paths
        if path.suffix in suffixes
    ]
    return [name for name in names if not any(part in name for part in NOT_OURS)]


def _node_modules(checkout):
    """The folder of the npm packages in the cache, which is filled if need be."""
    try:
        return npm.find_or_install(checkout, "lint")
    except console.CommandFailed as failed:
        raise console.Failure(
            f"npm cannot install prettier and eslint: {failed.last_line}",
            "Is the network up? Run again to try once more.",
        ) from None
