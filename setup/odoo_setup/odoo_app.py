"""Odoo's own commands: modules put into databases, and servers that answer."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import console

HOST = "127.0.0.1"
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
TROUBLE = re.compile(r" (ERROR|CRITICAL) |demo data failed to install")
# What a browser asks for when it opens the web client, or a tour.
BUNDLES = {
    "bus.websocket_worker_assets": ("js",),
    "web.__assets_tests_call__": ("js",),
    "web.assets_backend_lazy": ("js", "css"),
    "web.assets_emoji": ("js",),
    "web.assets_frontend": ("css",),
    "web.assets_frontend_lazy": ("js",),
    "web.assets_frontend_minimal": ("js",),
    "web.assets_tests": ("js",),
    "web.assets_web": ("js", "css"),
    "web.assets_web_print": ("css",),
    "web.chartjs_lib": ("js",),
}


class OdooApp:
    """The commands of one Odoo, on the databases of one server."""

    def __init__(self, checkout, odoo, server):
        self.checkout = checkout
        self.odoo = odoo
        self.server = server
        self.config = checkout.state / "odoo.conf"
        self.log = checkout.logs / "odoo.log"
        self._write_config()

    def _write_config(self):
        addons = [*self.odoo.addons_paths, self.checkout.root]
        options = {
            "addons_path": ",".join(str(path) for path in addons),
            "data_dir": self.checkout.data,
            "db_host": self.server.host,
            "db_user": self.server.user,
            "http_interface": HOST,
        }
        lines = [f"{key} = {value}\n" for key, value in options.items() if value]
        part = self.config.with_name(f"odoo.conf.{os.getpid()}")
        part.write_text("".join(["[options]\n", *lines]))
        part.rename(self.config)

    @contextlib.contextmanager
    def addons_path(self, *folders):
        """Run what is within with the addons of these folders, after Odoo's own."""
        kept = self.config
        config = self.checkout.state / f"other.conf.{os.getpid()}"
        path = ",".join(map(str, [*self.odoo.addons_paths, *folders]))
        config.write_text(
            re.sub(
                "^addons_path.*$", f"addons_path = {path}", kept.read_text(), flags=re.M
            )
        )
        self.config = config
        try:
            yield
        finally:
            self.config = kept
            config.unlink()

    def environ(self):
        """What a process needs to import this Odoo with this configuration."""
        path = self.odoo.python_path(self.checkout.state / "python")
        return dict(os.environ, PYTHONPATH=str(path), ODOO_RC=str(self.config))

    def command(self, *arguments):
        return [sys.executable, "-m", "odoo", *arguments]

    def run(self, *arguments, **options):
        """Run one of Odoo's commands; return what it printed."""
        options.setdefault("env", self.environ())
        options.setdefault("cwd", self.checkout.state)
        return console.run(self.command(*arguments), log=self.log, **options)

    def install(self, database, *modules, demo=False, update=False, step=None):
        """Install modules, or update them. Any error in the log is a failure."""
        arguments = ["--database", database, "--stop-after-init", "--no-http"]
        arguments += ["--max-cron-threads", "0"]
        arguments += ["--update" if update else "--init", ",".join(modules)]
        if demo:
            arguments.append("--with-demo")
        try:
            output = self.run(*arguments, step=step, detail=_loading)
        except console.CommandFailed as failed:
            output = failed.output
            raise self._install_failure(modules, output) from None
        if TROUBLE.search(output):
            raise self._install_failure(modules, output)

    def _install_failure(self, modules, output):
        lines = output.splitlines()
        exceptions = [
            line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)
        ]
        errors = [line for line in lines if TROUBLE.search(line)]
        reason = (exceptions or errors or lines or ["no output"])[-1]
        return console.Failure(
            f"{', '.join(modules)}: installation or update failed: {reason[:500]}",
            f"The details are at the end of {self.log}.",
        )

    def set_language(self, database, language, demo=False):
        """Load a language and give it to every user, and to the demo data."""
        self.run("i18n", "loadlang", "-c", self.config, "-d", database, "-l", language)
        self.shell(
            database,
            "users = env['res.users'].with_context(active_test=False).search([])\n"
            f"users.partner_id.lang = {language!r}\n"
            "env.cr.commit()\n",
        )
        if demo:
            self.translate_demo(database, language)

    def translate_demo(self, database, language):
        """Tell the story of the demo data in a language, if it was written in it."""
        root = self.checkout.root
        self.shell(
            database,
            "import sys\n"
            "from pathlib import Path\n"
            f"sys.path.append({str(Path(__file__).resolve().parents[1])!r})\n"
            "from odoo_setup import demo_texts\n"
            f"texts = demo_texts.read(Path({str(root)!r}), {language!r})\n"
            f"demo_texts.translate(env, {language!r}, texts)\n",
        )

    def compile_assets(self, database):
        """Compile what a browser asks for, once for all the copies of a database."""
        self.shell(
            database,
            f"for name, kinds in {BUNDLES}.items():\n"
            "    for kind in kinds:\n"
            "        bundle = env['ir.qweb']._get_asset_bundle(\n"
            "            name, js=kind == 'js', css=kind == 'css')\n"
            "        getattr(bundle, kind)()\n"
            "env.cr.commit()\n",
        )

    def shell(self, database, code):
        """Run Python code with `env` of a database; return what it printed."""
        script = f"exec(compile({code!r}, '<setup>', 'exec'), globals())\n"
        return self.run("shell", "--database", database, "--no-http", input=script)

    def start(self, database, port, log, *arguments, session=False, **options):
        """Start a server; it may not answer yet."""
        command = self.command(
            "--database", database, "--http-port", str(port), *arguments
        )
        with self.server.held_by_child() as holding, open(log, "a") as output:
            process = subprocess.Popen(
                command,
                env=self.environ(),
                cwd=self.checkout.state,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **holding,
                **options,
            )
        return OdooServer(process, database, port, Path(log))


class OdooServer:
    """A running server."""

    def __init__(self, process, database, port, log):
        self.process = process
        self.database = database
        self.port = port
        self.log = log

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    def wait(self, patience=180):
        """Until it answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise console.Failure(
                    f"Odoo stopped by itself: {last_error(self.log)}",
                    f"See {self.log}.",
                )
            if answers(f"{self.url}/web/login"):
                return self
            time.sleep(0.2)
        raise console.Failure(
            f"Odoo does not answer after {patience} s.", f"See {self.log}."
        )

    def stop(self):
        console.stop(self.process)


class Running:
    """The note that `./setup/run` leaves of its server, for later runs and `--stop`."""

    def __init__(self, checkout):
        self.note = checkout.state / "server.json"

    def write(self, server):
        facts = {
            "pid": server.process.pid,
            "port": server.port,
            "database": server.database,
        }
        self.note.write_text(json.dumps(facts))

    def read(self):
        """The facts of the server, or None if it does not run any more."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            facts = json.loads(self.note.read_text())
            command = Path(f"/proc/{facts['pid']}/cmdline").read_bytes().split(b"\0")
            return facts if facts["database"].encode() in command else None
        return None

    def stop(self, patience=30):
        """Stop the server; return its facts, or None if there was none."""
        facts = self.read()
        self.note.unlink(missing_ok=True)  # it tells the one who waits for the server
        if facts:
            os.kill(facts["pid"], signal.SIGTERM)
            deadline = time.monotonic() + patience
            while not _has_ended(facts["pid"]) and time.monotonic() < deadline:
                time.sleep(0.1)
        return facts


def _has_ended(pid):
    """Is a process gone, or only waiting for its parent to take notice?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def answers(url):
    """Does a server answer at this address?"""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def port_is_free(port):
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as candidate:
        candidate.bind((HOST, 0))
        return candidate.getsockname()[1]


def last_error(log):
    """The line of a log that says most about what went wrong."""
    lines = [
        line for line in Path(log).read_text(errors="replace").splitlines() if line
    ]
    telling = [line for line in lines if re.search(r" (ERROR|CRITICAL) |Error\b", line)]
    return (telling or lines or ["its log is empty"])[-1]


def _loading(line):
    found = LOADING.search(line)
    return "{} ({}/{})".format(*found.groups()) if found else None
