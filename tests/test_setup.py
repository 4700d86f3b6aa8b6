"""The set-up program: its options, what it says when something fails, what it mends."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from odoo_setup import (
    apt,
    changelog,
    cli,
    console,
    odoo_app,
    odoo_source,
    postgres,
    python_env,
)
from odoo_setup import checkout as checkout_module
from odoo_setup.checkout import Checkout

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ("run", "test", "lint", "shell", "pictures", "changelog")


@pytest.fixture
def clone(tmp_path):
    """A clone of its own, with a cache of its own."""
    for addon in checkout_module.ADDONS:
        (tmp_path / "clone" / addon / "tests").mkdir(parents=True)
        (tmp_path / "clone" / addon / "__manifest__.py").write_text("{}")
    (tmp_path / "clone" / "requirements.txt").write_text("uv==1.0\n")
    return Checkout(tmp_path / "clone", cache=tmp_path / "cache").prepare()


@pytest.fixture
def embedded_server(tmp_path):
    """A server of its own, where root's server can reach its files as well."""
    folder = ROOT / ".odoo" / f"test-{os.getpid()}"
    yield postgres.EmbeddedServer(Checkout(folder, cache=tmp_path).prepare())
    shutil.rmtree(folder)


def make_odoo(folder, version="19, 0"):
    """What is recognised as an Odoo."""
    (folder / "addons" / "base").mkdir(parents=True)
    (folder / "addons" / "web").mkdir(parents=True)
    (folder / "release.py").write_text(f"version_info = ({version}, 0, FINAL, 0, '')\n")
    return folder


def command(*arguments, input=None, **environ):
    """Run one of the commands as a user does."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=input,
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# -- options ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_needs_nothing(name, tmp_path):
    done = command(ROOT / "setup" / name, "--help", XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "usage: ./setup/" + name in done.stdout
    assert not list(tmp_path.iterdir())


def test_options_and_defaults():
    options = cli.run_options([])
    assert (options.port, options.database, options.lang) == (8069, None, None)
    assert not (options.without_demo or options.reset or options.stop)
    options = cli.run_options(
        "--port 8100 --database mine --without-demo --lang fr_FR --reset".split()
    )
    assert (options.port, options.database, options.lang) == (8100, "mine", "fr_FR")
    assert options.without_demo and options.reset


@pytest.mark.parametrize(
    "arguments",
    ["--port 0", "--port 65536", "--port web", "--lang french", "--lang fr", "demo"],
)
def test_bad_options_are_named(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.run_options(arguments.split())
    assert stop.value.code == 2
    assert arguments.split()[-1] in capsys.readouterr().err or "--port" in arguments


def test_every_entry_point_refuses_an_old_python_in_one_line(tmp_path):
    for name in COMMANDS:
        source = (ROOT / "setup" / name).read_text()
        # The check itself must not need a new Python.
        program = "import sys; sys.version_info = (3, 9, 1)\n" + source
        (tmp_path / name).write_text(program)
        done = command(tmp_path / name)
        assert done.returncode == 1
        assert "Python 3.10 or later is needed, and this is 3.9" in done.stderr
        assert "Traceback" not in done.stderr


def test_too_new_a_python_looks_for_another(clone, tmp_path, monkeypatch):
    monkeypatch.setattr(python_env, "NEWEST", (3, 9))
    monkeypatch.delenv("ODOO_SETUP_ENV", raising=False)
    with pytest.raises(console.Failure, match="3.10 to 3.13.*\n.*python3.13"):
        python_env.enter(clone, ROOT / "setup" / "run", [])
    (tmp_path / "python3.13").touch(mode=0o755)
    monkeypatch.setattr(python_env, "NEWEST", (3, 13))
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    started = []

    def start(program, arguments):
        started.append((program, arguments))
        raise SystemExit

    monkeypatch.setattr(os, "execv", start)
    with pytest.raises(SystemExit):
        python_env.enter(clone, "run", ["--reset"])
    other = str(tmp_path / "python3.13")
    assert started == [(other, [other, "run", "--reset"])]


# -- failures in one line --------------------------------------------------------------


def said(capsys, error):
    """What is printed for a failure."""
    with pytest.raises(SystemExit) as stop, console.failures_as_exit():
        raise error
    assert stop.value.code
    return capsys.readouterr().err


def test_failure_is_a_line_and_a_way_out(capsys):
    text = said(capsys, console.Failure("It does not work.", "Do this."))
    assert text == "\nERROR: It does not work.\n  -> Do this.\n"


def test_full_disk_and_foreign_files(capsys):
    assert "disk of /x is full" in said(capsys, OSError(errno.ENOSPC, "no space", "/x"))
    assert "cannot be written" in said(
        capsys, PermissionError(errno.EACCES, "no", "/x")
    )


def test_full_disk_as_seen_by_a_program():
    script = "import sys; print('cp: No space left on device'); sys.exit(1)"
    with pytest.raises(console.Failure, match="is full"):
        console.run([sys.executable, "-c", script])


def test_too_small_a_disk_is_said_beforehand(tmp_path):
    with pytest.raises(console.Failure, match="XDG_CACHE_HOME"):
        checkout_module.need_space(tmp_path, gigabytes=1e9)


def test_interruption_is_not_a_traceback(capsys):
    assert "Stopped" in said(capsys, KeyboardInterrupt())


def test_port_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind((odoo_app.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not odoo_app.port_is_free(port)
        done = command(ROOT / "setup" / "run", "--port", port)
    if (
        "running already" not in done.stdout
    ):  # a server of this clone that a person uses
        assert done.returncode == 1
        assert f"Port {port} is in use" in done.stderr
        assert f"--port {port + 1}" in done.stderr


def test_own_server_that_does_not_answer(monkeypatch):
    monkeypatch.setenv("PGHOST", "/nowhere")
    with pytest.raises(console.Failure, match="PGHOST=/nowhere: .*No such") as failure:
        with postgres.OwnServer():
            pass
    assert len(failure.value.problem.splitlines()) == 1
    assert "unset PGHOST" in failure.value.way_out


def test_own_server_without_rights(bench, monkeypatch):
    if isinstance(bench.server, postgres.OwnServer):
        pytest.skip("makes a role, which is for the embedded server only")
    monkeypatch.setenv("PGHOST", str(bench.server.host))
    monkeypatch.setenv("PGUSER", "poor")
    superuser = postgres.OwnServer()
    superuser.user = "postgres"
    with superuser.cursor() as cr:
        cr.execute("CREATE ROLE poor LOGIN")
    try:
        with pytest.raises(console.Failure, match="ALTER ROLE poor CREATEDB"):
            with postgres.OwnServer():
                pass
        monkeypatch.setenv("PGUSER", "postgres")
        with pytest.raises(console.Failure, match="refuses .* postgres"):
            with postgres.OwnServer():
                pass
    finally:
        with superuser.cursor() as cr:
            cr.execute("DROP ROLE poor")


def test_embedded_server_that_does_not_start(embedded_server):
    server = embedded_server
    server.cluster.mkdir(mode=0o700)
    server._give(server.cluster)
    (server.cluster / "PG_VERSION").write_text("7\n")
    with pytest.raises(console.Failure, match="PostgreSQL does not start") as failure:
        with server:
            pass
    assert str(server.log) in failure.value.way_out


def test_embedded_server_that_was_killed(embedded_server):
    """It starts again; it runs as long as somebody holds it, and not longer."""
    server = embedded_server
    with server:
        server.create("kept")
        os.kill(server.pid(), signal.SIGKILL)
        while server.pid():
            time.sleep(0.05)
    with server:
        assert server.exists("kept")
        with server.held_by_child():
            pass
        assert server.pid()
    assert not server.pid()


def test_embedded_server_of_a_deep_clone(tmp_path):
    deep = Checkout(tmp_path / ("long" * 30) / "clone", cache=tmp_path / "cache")
    folder = postgres.EmbeddedServer(deep).host
    assert len(os.fsencode(folder)) <= postgres.LONGEST_SOCKET_FOLDER


# -- Odoo ------------------------------------------------------------------------------


@pytest.mark.parametrize("inside", ["odoo", ".", "usr/lib/python3/dist-packages/odoo"])
def test_odoo_home_in_every_form(tmp_path, inside):
    package = make_odoo(tmp_path / "home" / inside)
    odoo = odoo_source.from_home(tmp_path / "home")
    assert odoo.package == package.resolve()
    assert odoo.version == "19.0"


def test_odoo_home_of_another_version_or_none(tmp_path):
    with pytest.raises(console.Failure, match="no Odoo in ODOO_HOME"):
        odoo_source.from_home(tmp_path)
    make_odoo(tmp_path / "odoo", version="18, 0")
    with pytest.raises(console.Failure, match="holds Odoo 18.0, and 19.0 is needed"):
        odoo_source.from_home(tmp_path)


def test_installed_odoo_does_not_bring_its_neighbours(tmp_path):
    package = make_odoo(tmp_path / "dist-packages" / "odoo")
    assert odoo_source.Odoo(package).python_path(tmp_path / "links") == package.parent
    (tmp_path / "dist-packages" / "psycopg2").mkdir()
    for _again in range(2):
        path = odoo_source.Odoo(package).python_path(tmp_path / "links")
        assert [entry.name for entry in path.iterdir()] == ["odoo"]


def test_cached_odoo_is_used_and_half_of_one_is_not(tmp_path):
    make_odoo(tmp_path / "odoo-19.0.1.part" / "odoo")
    assert odoo_source.from_cache(tmp_path) is None
    package = make_odoo(tmp_path / "odoo-19.0.0+dfsg-1" / "odoo")
    assert odoo_source.from_cache(tmp_path).package == package


def test_interrupted_unpacking_is_mended(tmp_path):
    final = tmp_path / "odoo-19.0"
    with pytest.raises(KeyboardInterrupt):
        with checkout_module.made_whole(final) as part:
            (part / "half").touch()
            raise KeyboardInterrupt
    assert not final.exists()
    with checkout_module.made_whole(final) as part:
        (part / "whole").touch()
    assert [path.name for path in final.iterdir()] == ["whole"]
    assert [path.name for path in tmp_path.iterdir()] == ["odoo-19.0"]


def test_dangling_links_are_found(tmp_path):
    addons = tmp_path / "addons"
    (addons / "web" / "lib").mkdir(parents=True)
    (addons / "web" / "lib" / "good").symlink_to(addons)
    odoo_source._complete(addons)
    assert all((addons / name).exists() for name in odoo_source.LEFT_OUT)
    (addons / "web" / "lib" / "jquery.js").symlink_to("../../../share/jquery.js")
    with pytest.raises(console.Failure, match="jquery.js"):
        odoo_source._complete(addons)


def test_odoo_in_use_has_no_dangling_link(bench):
    for addons in bench.odoo.addons_paths:
        assert not odoo_source.dangling_links(addons / "web")


def test_neither_apt_nor_git(clone, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(odoo_source, "need_space", lambda *_: None)
    with pytest.raises(
        console.Failure, match="neither by apt nor by git.*\n.*ODOO_HOME"
    ):
        odoo_source.find(clone)


def test_no_network(clone, monkeypatch):
    """apt and git that answer as they do without a network."""
    tools = clone.root / "tools"
    tools.mkdir()
    for name in ("apt-get", "apt-cache", "dpkg", "git"):
        (tools / name).write_text(
            "#!/bin/sh\necho Could not resolve host >&2\nexit 100"
        )
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(odoo_source, "need_space", lambda *_: None)
    monkeypatch.setattr(apt, "DEBIAN_KEYS", tools)
    with pytest.raises(console.Failure, match="resolve host") as failure:
        odoo_source.find(clone)
    assert "Is the network up?" in failure.value.way_out
    assert not list(clone.cache.glob("odoo-*/"))[1:], (
        "nothing half done is taken for whole"
    )


def test_debian_archive_of_the_machine(tmp_path, monkeypatch):
    """The archive is chosen by its origin, security updates aside."""
    lines = (
        "http://mirror.example/security/ Debian bookworm-security",
        "http://mirror.example/other/ Other stable",
        "http://mirror.example/debian/ Debian bookworm",
    )
    machine = apt.Apt(tmp_path)
    monkeypatch.setattr(machine, "_call", lambda *_a, **_k: "\n".join(lines))
    assert machine.debian_archive() == "http://mirror.example/debian/"
    monkeypatch.setattr(machine, "_call", lambda *_a, **_k: lines[1])
    assert machine.debian_archive() is None


# -- Python libraries ------------------------------------------------------------------


def test_environment_depends_on_the_requirements(clone):
    before = python_env.location(clone)
    assert before == python_env.location(clone)
    (clone.root / "requirements.txt").write_text("uv==2.0\n")
    assert python_env.location(clone) != before


def test_failed_installation_says_why(clone, monkeypatch):
    def refuse(command, *_args, **_options):
        raise console.CommandFailed(["pip"], 1, "Trying\nERROR: no network\nhint: wait")

    monkeypatch.setattr(console, "run", refuse)
    with pytest.raises(console.Failure, match="ERROR: no network") as failure:
        python_env.create(python_env.location(clone), clone)
    assert "Is the network up?" in failure.value.way_out
    assert not (python_env.location(clone) / python_env.READY).exists()


def test_requirements_are_pinned_and_name_no_server():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins and all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in pins)


# -- databases, servers and what is left behind ----------------------------------------


def test_fingerprint_follows_the_code_and_not_the_tests(clone):
    addon = clone.root / checkout_module.ADDONS[0]
    before = clone.addons_fingerprint()
    (addon / "tests" / "test_x.py").write_text("1")
    assert clone.addons_fingerprint() == before
    (addon / "view.xml").write_text("<odoo/>")
    assert clone.addons_fingerprint() != before


def test_database_of_somebody_else_is_left_alone(bench):
    name = bench.temporary_name()
    bench.server.create(name)
    try:
        assert bench.server.marks(name) is None
        options = cli.run_options(["--database", name, "--reset"])
        with pytest.raises(console.Failure, match="not made by this program"):
            cli._prepare_database(bench, name, options)
        assert bench.server.exists(name)
    finally:
        bench.drop(name)


def test_shell_on_a_database_of_run(bench):
    name = bench.temporary_name()
    bench.clone(bench.template("addons"), name)
    bench.server.mark(name, ready=True, demo=False, code=bench.code())
    try:
        done = command(
            ROOT / "setup" / "shell",
            *("--database", name),
            input="print(env.cr.dbname, bool(env['crm.pipeline'].search([])))",
        )
        assert f"{name} True" in done.stdout, done.stderr
    finally:
        bench.drop(name)


def test_changelog_is_built_from_fragments(tmp_path):
    addon = tmp_path / "sales_pipeline_plus"
    addon.mkdir()
    for name in ("__manifest__.py", "pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / "sales_pipeline_plus" / name, addon)
    before = (addon / "CHANGELOG.md").read_text()
    fragments = addon / "readme" / "newsfragments"
    fragments.mkdir(parents=True)
    (fragments / "23.feature.md").write_text("A deal can be frozen.\n")
    assert "- A deal can be frozen. (#23)" in changelog.build(addon)
    assert (addon / "CHANGELOG.md").read_text() == before
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    changelog.build(addon, write=True)
    after = (addon / "CHANGELOG.md").read_text()
    assert after.startswith("# Changelog\n\n## 19.0.")
    assert after.endswith(before.removeprefix("# Changelog\n"))
    assert after.index("A deal can be frozen.") < after.index("\n## 19.0.1.1.0\n")
    assert not list(fragments.iterdir())
    (fragments / "frozen.md").write_text("A deal can be frozen.\n")
    with pytest.raises(console.Failure, match="frozen.md"):
        changelog.build(addon)


def test_demo_data_is_not_taken_away_silently(bench):
    name = bench.temporary_name()
    bench.create(name)
    try:
        bench.server.mark(name, ready=True, demo=True, code=bench.code())
        options = cli.run_options(["--database", name, "--without-demo"])
        with pytest.raises(console.Failure, match="--reset"):
            cli._prepare_database(bench, name, options)
    finally:
        bench.drop(name)


def test_databases_of_killed_runs_are_dropped(bench):
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                             capture_output=True, text=True, check=True)  # fmt: skip
    dead = f"{bench.prefix}_tmp_{int(process.stdout)}_1"
    mine = bench.temporary_name()
    bench.create(dead)
    bench.create(mine)
    try:
        bench.drop_leftovers()
        assert not bench.server.exists(dead)
        assert bench.server.exists(mine)
    finally:
        bench.drop(mine)


def test_note_of_a_server_that_is_gone(clone):
    running = odoo_app.Running(clone)
    assert running.read() is None and running.stop() is None
    script = "import time; print(flush=True); time.sleep(60)"
    started = [sys.executable, "-c", script, "base"]
    process = subprocess.Popen(started, stdout=subprocess.PIPE)
    process.stdout.readline()
    server = odoo_app.OdooServer(process, "base", 1, clone.logs / "server.log")
    running.write(server)
    assert running.read()["pid"] == process.pid
    assert running.stop()["database"] == "base"
    process.communicate()
    assert process.returncode == -signal.SIGTERM
    assert running.read() is None and not running.note.exists()
    running.write(server)
    assert running.read() is None


def test_server_that_ends_by_itself_says_why(clone):
    log = clone.logs / "server.log"
    log.write_text("x INFO hello\nx ERROR the port is taken\nbye\n")
    process = subprocess.Popen([sys.executable, "-c", ""])
    server = odoo_app.OdooServer(process, "base", 1, log)
    with pytest.raises(console.Failure, match="the port is taken"):
        server.wait()


def test_only_what_is_ignored_by_git_is_written(bench):
    """Databases, logs and attachments are in .odoo/, which .gitignore names."""
    assert "/.odoo/" in (ROOT / ".gitignore").read_text().split()
    for path in (bench.checkout.data, bench.checkout.logs, bench.app.config):
        assert path.is_relative_to(ROOT / ".odoo")
