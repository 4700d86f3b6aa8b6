"""Checkout, Odoo and database server put together, for the commands and the tests."""

import contextlib
import hashlib
import itertools
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from . import console, odoo_app, odoo_source, postgres
from .checkout import ADDONS, lock

STOCK = ("crm", "sale_crm", "sale_management")

# kind of template: (the kind it is made from, what is installed, with demo data?)
TEMPLATES = {
    "bare": (None, STOCK, False),
    "bare_demo": (None, STOCK, True),
    "addons": ("bare", ADDONS, False),
    "addons_demo": ("bare_demo", ADDONS, True),
}

# Of the temporary databases of this process.
_numbers = itertools.count(1)


class Bench:
    """All that is needed to make databases with Odoo in them."""

    def __init__(self, checkout, odoo, server):
        self.checkout = checkout
        self.odoo = odoo
        self.server = server
        self.app = odoo_app.OdooApp(checkout, odoo, server)
        # On your own server there may be the databases of other clones.
        own = isinstance(server, postgres.OwnServer)
        self.prefix = f"pipeline_plus_{checkout.identity}" if own else "pipeline_plus"

    @classmethod
    @contextlib.contextmanager
    def open(cls, checkout):
        """Get Odoo, hold the database server."""
        checkout.prepare()
        odoo = odoo_source.find(checkout, os.environ.get("ODOO_HOME"))
        with postgres.server(checkout) as server:
            yield cls(checkout, odoo, server)

    # -- databases ---------------------------------------------------------------------

    def code(self):
        """What the contents of a database with the addons depend on."""
        return f"{self._odoo_code()}-{self.checkout.addons_fingerprint()}"

    def _odoo_code(self):
        odoo = f"{self.odoo.version} {self.odoo.package}"
        return hashlib.sha256(odoo.encode()).hexdigest()[:6]

    def create(self, name):
        """A new and empty database, which is unfinished until it is marked as ready."""
        self.drop(name)
        self.server.create(name)
        self.server.mark(name, ready=False)

    def clone(self, source, name):
        """A copy of a database and of its attachments."""
        self.drop(name)
        self.server.clone(source, name)
        self.server.mark(name, ready=False)
        files = self.filestore(source)
        if files.exists():
            # Odoo never changes an attachment's file, so both may share it.
            shutil.copytree(files, self.filestore(name), copy_function=os.link)

    def drop(self, name):
        self.server.drop(name)
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def filestore(self, name):
        return self.checkout.data / "filestore" / name

    # -- templates ---------------------------------------------------------------------

    def template(self, kind):
        """The name of a template database, which is made if it is not there yet."""
        base, modules, demo = TEMPLATES[kind]
        code = self.code() if base else self._odoo_code()
        name = f"{self.prefix}_tpl_{kind}_{code}"
        if not self._ready(name):
            source = self.template(base) if base else None
            with lock(
                self.checkout.state / f"template-{kind}.lock", f"template {kind}"
            ):
                if not self._ready(name):
                    self._make_template(name, kind, source, modules, demo)
        return name

    def templates(self, *kinds):
        """The names of several, made at the same time if they are not there yet."""
        with ThreadPoolExecutor() as threads:
            return list(threads.map(self.template, kinds))

    def _ready(self, name):
        return bool((self.server.marks(name) or {}).get("ready"))

    def _make_template(self, name, kind, source, modules, demo):
        for old in self.server.names(f"{self.prefix}_tpl_{kind}_"):
            kind_of_old = old[len(f"{self.prefix}_tpl_") :].rsplit("_", 1)[0]
            if kind_of_old == kind:
                self._drop_unless_used(old)
        with console.Step(f"Preparing the database template '{kind}'") as step:
            if source:
                self.clone(source, name)
            else:
                self.create(name)
            self.app.install(name, *modules, demo=demo, step=step)
            if source:
                # Else each test with a browser would do it again, and take it back.
                self.app.compile_assets(name)
        self.server.mark(name, ready=True)

    def _drop_unless_used(self, name):
        with contextlib.suppress(psycopg2.Error):
            self.drop(name)

    def temporary_name(self):
        """A name for a database of this process, which a later run may clean away."""
        return f"{self.prefix}_tmp_{os.getpid()}_{next(_numbers)}"

    def drop_leftovers(self):
        """Drop the temporary databases of processes that were killed."""
        prefix = f"{self.prefix}_tmp_"
        for name in self.server.names(prefix):
            if not alive(int(name[len(prefix) :].split("_")[0])):
                self._drop_unless_used(name)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
