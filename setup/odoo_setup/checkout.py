"""Where things are: this clone, its private folder and the user's cache.

Nothing is written anywhere else. `.odoo/` in the clone holds what belongs to it
(database cluster, attachments, logs); the cache holds what any clone can use (Odoo,
libraries).
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from . import console

ADDONS = ("sales_pipeline_plus", "sales_campaign_goals")
CACHE_NAME = "sales-pipeline-plus"
NOT_IN_DATABASE = {"__pycache__", "tests", "readme", "description"}


class Checkout:
    """A clone of the repository and the folders that belong to it."""

    def __init__(self, root, cache=None):
        self.root = Path(root).resolve()
        self.state = self.root / ".odoo"
        self.logs = self.state / "log"
        self.data = self.state / "data"
        self.cache = cache or cache_folder()
        self.identity = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]

    @classmethod
    def here(cls):
        """The clone that this file is part of."""
        return cls(Path(__file__).resolve().parents[2])

    def prepare(self):
        """Make the folders."""
        for folder in (self.state, self.logs, self.data, self.cache):
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def addons_fingerprint(self):
        """A hash of all that ends up in a database: it changes when the code does."""
        digest = hashlib.sha256()
        for addon in ADDONS:
            for path in sorted((self.root / addon).rglob("*")):
                inside = path.relative_to(self.root)
                if path.is_file() and not NOT_IN_DATABASE.intersection(inside.parts):
                    digest.update(os.fsencode(inside) + b"\0")
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:12]


def cache_folder():
    """The user's cache folder, by the freedesktop.org rules."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(Path.home(), ".cache")
    return Path(base) / CACHE_NAME


@contextlib.contextmanager
def lock(path, waiting_for):
    """Only one process at a time may do this; the others say what they wait for."""
    with open(path, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say(f"Waiting for another run: {waiting_for}...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_space(folder, gigabytes):
    """Say at once that the disk is too small, not after half of the work."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise console.Failure(
            f"{gigabytes} GB are needed in {folder}, where {free:.1f} GB are free.",
            "Free some space, or set XDG_CACHE_HOME to a folder on another disk.",
        )


@contextlib.contextmanager
def made_whole(final):
    """A folder that appears complete or not at all.

    The work is done in a neighbour that is renamed at the end; the remains of a run
    that was interrupted are thrown away first.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    part = final.with_name(final.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    yield part
    part.rename(final)
