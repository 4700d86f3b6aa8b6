"""The commands and their options."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import console, python_env
from .checkout import ADDONS, Checkout

DEFAULT_PORT = 8069
# Each has Odoo, a browser and a database of its own.
MAX_WORKERS = 4

ENVIRONMENT = """\
environment:
  PGHOST, PGPORT, PGUSER...  your own PostgreSQL, in place of the embedded one
  ODOO_HOME                  your own Odoo 19: its source tree, or the folder in which
                             it is installed
  XDG_CACHE_HOME             where Odoo and the libraries are kept (~/.cache)
"""

# What ./setup/test --full asks of the tests.
FULL = {"SALES_TEST_FULL": "1", "SALES_FUZZ_INPUTS": "50000"}

TEST_HELP = f"""\
usage: ./setup/test [--full] [pytest's arguments]

Runs every test of both addons with pytest, on databases that are made once and cloned:
all of them on all processors, up to four; those that are named in one process.

  ./setup/test                                        everything
  ./setup/test sales_pipeline_plus                    one addon
  ./setup/test tests/test_setup.py                    one file
  ./setup/test -k probability -x                      by name, until the first failure
  ./setup/test --full                                 with what takes hours: 50,000
                                                      inputs of junk, the database
                                                      restarted under load, the addons
                                                      beside many others

Paths are given from the top of the repository. Browser tests need Chromium, which is
installed when this runs as root on Debian; without it they are skipped. So are those
of accessibility without npm, which installs axe-core.

{ENVIRONMENT}"""

BENCH_HELP = f"""\
usage: ./setup/bench NAME [options]

Measures how fast the addons are, beside Odoo alone or SQL written by hand, on a
database that is made for it and dropped afterwards.

  ./setup/bench                                       the names of the benchmarks
  ./setup/bench stock --scale 100000                  one of them: beside Odoo alone
  ./setup/bench stock --help                          its options

{ENVIRONMENT}"""

LINT_HELP = """\
usage: ./setup/lint [--fix]

Checks the code with ruff, pylint-odoo, OCA's checks of modules and translations,
prettier and eslint, as OCA does for Odoo 19.

  --fix    let them correct what they can
"""

SHELL_HELP = f"""\
usage: ./setup/shell [--database NAME] [< FILE]

Opens Odoo's Python shell, with `env` and `self`, on the database of ./setup/run, which
is made or updated first if need be. Nothing is kept without `env.cr.commit()`.

  ./setup/shell                                       ask and try
  ./setup/shell < report.py                           run the code of a file
  ./setup/shell --database other                      another database of ./setup/run

{ENVIRONMENT}"""

PICTURES_HELP = f"""\
usage: ./setup/pictures [LANGUAGE] [NAME...]

Takes the pictures of both addons' description pages from the demo, in a browser, and
puts them into static/description. Look at each of them afterwards.

  ./setup/pictures                                    all, in English and French
  ./setup/pictures fr_FR                              those in one language
  ./setup/pictures funnel deal                        some of them

{ENVIRONMENT}"""

CHANGELOG_HELP = """\
usage: ./setup/changelog [--write]

Shows what the fragments in readme/newsfragments of each addon make together.

  --write  put it into CHANGELOG.md and remove the fragments
"""


def main(command, arguments):
    """Run one of the commands; return its exit code."""
    with console.failures_as_exit():
        # To be killed, or to lose the terminal, ends this program as Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
        return COMMANDS[command](arguments)
    return 1


def _enter_environment(command, arguments):
    checkout = Checkout.here().prepare()
    script = Path(__file__).resolve().parents[1] / command
    python_env.enter(checkout, script, arguments)
    return checkout


# -- ./setup/run -----------------------------------------------------------------------


def run_options(arguments):
    """The options of ./setup/run."""
    parser = argparse.ArgumentParser(
        prog="./setup/run",
        description="Start Odoo 19 with both addons, and install what is missing."
        "\nIt runs until Ctrl-C, or until --stop is given in another terminal.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="default: %(default)s"
    )
    parser.add_argument("--database", metavar="NAME", help="default: pipeline_plus")
    parser.add_argument(
        "--without-demo",
        action="store_true",
        help="create the database without demo data",
    )
    parser.add_argument(
        "--lang",
        metavar="CODE",
        help="the users' language, such as fr_FR (default: English)",
    )
    parser.add_argument(
        "--reset", action="store_true", help="drop the database and create it anew"
    )
    parser.add_argument(
        "--background", action="store_true", help="return as soon as the server answers"
    )
    parser.add_argument(
        "--stop", action="store_true", help="stop the server of this clone"
    )
    options = parser.parse_args(arguments)
    if options.lang and not _is_language(options.lang):
        parser.error(
            f"--lang {options.lang}: a language code such as fr_FR is expected"
        )
    return options


def _port(text):
    if text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("a number from 1 to 65535 is expected")


def _is_language(code):
    language, _, country = code.partition("_")
    return language.isalpha() and country.isalpha() and len(country) == 2


def run(arguments):
    """Start Odoo with both addons on a database of its own."""
    options = run_options(arguments)
    checkout = _enter_environment("run", arguments)
    from . import bench as benches
    from . import odoo_app, postgres

    running = odoo_app.Running(checkout)
    if options.stop:
        facts = running.stop()
        postgres.server(checkout).stop_if_unused()
        console.say("Stopped." if facts else "Nothing is running here.")
        return 0
    if facts := running.read():
        console.say("Odoo is running already; ./setup/run --stop ends it.")
        _announce(f"http://{odoo_app.HOST}:{facts['port']}", facts["database"])
        return 0
    if not odoo_app.port_is_free(options.port):
        raise console.Failure(
            f"Port {options.port} is in use by another program.",
            f"Choose another one, such as ./setup/run --port {options.port + 1}",
        )
    with benches.Bench.open(checkout) as everything:
        name = options.database or everything.prefix
        _prepare_database(everything, name, options)
        log = checkout.logs / "server.log"
        log.write_text("")
        with console.Step("Starting the server"):
            server = everything.app.start(name, options.port, log)
            running.write(server)
            try:
                server.wait()
            except BaseException:
                server.stop()
                raise
        _announce(server.url, name)
        console.say(f"  log       {log.relative_to(checkout.root)}")
        if options.background:
            console.say("\n./setup/run --stop ends it.")
            return 0
        console.say("\nCtrl-C ends it.")
        return _until_stopped(server, running)


def _prepare_database(everything, name, options):
    """Make the database, or bring it up to date with the addons' code."""
    server = everything.server
    marks = server.marks(name)
    if marks is None and server.exists(name):
        raise console.Failure(
            f"The database {name} exists already and was not made by this program.",
            "Choose another name with --database.",
        )
    code = everything.code()
    if options.reset or not marks or not marks.get("ready"):
        marks = {"demo": not options.without_demo}
        template = everything.template("bare_demo" if marks["demo"] else "bare")
        with console.Step(f"Creating the database {name}") as step:
            everything.clone(template, name)
            everything.app.install(name, *ADDONS, demo=marks["demo"], step=step)
    elif options.without_demo and marks["demo"]:
        raise console.Failure(
            f"The database {name} has demo data.",
            "Add --reset to create it anew, or choose another name with --database.",
        )
    elif marks["code"] != code:
        with console.Step(
            f"Updating the database {name}: the code has changed"
        ) as step:
            # Another Odoo asks for all of its modules to be updated, by way of base.
            same_odoo = marks["code"].split("-")[0] == code.split("-")[0]
            modules = ADDONS if same_odoo else ("base",)
            everything.app.install(
                name, *modules, demo=marks["demo"], update=True, step=step
            )
    # An update may have brought more demo data.
    language = options.lang or marks.get("language")
    if language and (language != marks.get("language") or marks.get("code") != code):
        with console.Step(f"Loading the language {language}"):
            everything.app.set_language(name, language, marks["demo"])
    server.mark(name, ready=True, code=code, demo=marks["demo"], language=language)


def _announce(url, database):
    console.say(f"\n  address   {url}")
    console.say("  user      admin")
    console.say("  password  admin")
    console.say(f"  database  {database}")


def _until_stopped(server, running):
    try:
        code = server.process.wait()
        stopped = not running.note.exists()
    except KeyboardInterrupt:
        server.stop()
        running.note.unlink(missing_ok=True)
        code, stopped = 0, True
    if stopped:
        console.say("\nStopped.")
        return 0
    raise console.Failure(
        f"Odoo stopped by itself (code {code}).", f"See {server.log}."
    )


# -- ./setup/test ----------------------------------------------------------------------


def test(arguments):
    """Run pytest on a clone of the template database with both addons."""
    if arguments in (["--help"], ["-h"]):
        print(TEST_HELP)
        return 0
    checkout = _enter_environment("test", arguments)
    from . import bench as benches
    from . import browser, npm

    if "--full" in arguments:
        arguments = [each for each in arguments if each != "--full"]
        for name, value in FULL.items():
            os.environ.setdefault(name, value)

    browser.find_or_install()
    npm.find_or_do_without(checkout, "test")
    with benches.Bench.open(checkout) as everything:
        everything.drop_leftovers()
        # All tests need the demo data, too; one processor makes it meanwhile.
        kinds = ("addons",) if _are_named(arguments) else ("addons", "addons_demo")
        template, *_others = everything.templates(*kinds)
        database = everything.temporary_name()
        everything.clone(template, database)
        try:
            with browser.temporary_home(checkout) as home:
                return _pytest(everything, database, home, arguments)
        finally:
            everything.drop(database)


def _pytest(everything, database, home, arguments):
    """Run pytest as a child; Ctrl-C is for it to answer."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--odoo-database={database}",
        "--odoo-http",
    ]
    # Odoo's limit of memory would also be that of the browsers, which need more.
    command += ["--odoo-extra=max-cron-threads=0", "--odoo-extra=limit-memory-hard=0"]
    command += _get_workers(arguments) + arguments
    environ = {**everything.app.environ(), **home}
    setup = str(Path(__file__).resolve().parents[1])
    environ["PYTHONPATH"] = os.pathsep.join([environ["PYTHONPATH"], setup])
    process = subprocess.Popen(command, cwd=everything.checkout.root, env=environ)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        return process.wait()


def _are_named(arguments):
    """Are only some of the tests asked for?"""
    return any(Path(each.split("::")[0]).exists() for each in arguments)


def _get_workers(arguments):
    """All tests are shared between the processors, file by file, the slow ones first;
    what is named runs in one process."""
    plugin = ["-p", "odoo_setup.workers"]
    if _are_named(arguments) or any(each.startswith("-n") for each in arguments):
        return plugin
    number = min(os.cpu_count() or 1, MAX_WORKERS)
    return [*plugin, f"-n{number}", "--dist=loadfile", "--no-loadscope-reorder"]


# -- ./setup/lint ----------------------------------------------------------------------


def lint(arguments):
    """Check the style of the code."""
    if arguments not in ([], ["--fix"]):
        print(LINT_HELP)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    checkout = _enter_environment("lint", arguments)
    from . import linting

    return linting.check(checkout, fix=bool(arguments))


# -- ./setup/bench ---------------------------------------------------------------------


def bench(arguments):
    """Run a benchmark."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(BENCH_HELP)
        return 0
    checkout = _enter_environment("bench", arguments)
    from . import benchmark

    known = benchmark.names(checkout)
    if not arguments or arguments[0] not in known:
        console.say(f"Choose one of these: {', '.join(known)}")
        return 2 if arguments else 0
    benchmark.run(checkout, arguments[0], arguments[1:])
    return 0


# -- ./setup/shell ---------------------------------------------------------------------


def shell(arguments):
    """Open Odoo's Python shell on the database of ./setup/run."""
    is_named = len(arguments) == 2 and arguments[0] == "--database"
    if arguments and not is_named:
        print(SHELL_HELP)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    checkout = _enter_environment("shell", arguments)
    from . import bench as benches
    from . import odoo_app

    with benches.Bench.open(checkout) as everything:
        facts = odoo_app.Running(checkout).read() or {}
        name = arguments[1] if is_named else facts.get("database", everything.prefix)
        # A database is not updated under the feet of its server.
        if name != facts.get("database"):
            _prepare_database(everything, name, run_options(["--database", name]))
        return subprocess.call(
            everything.app.command("shell", "--database", name, "--no-http"),
            cwd=checkout.root,
            env=everything.app.environ(),
        )


# -- ./setup/pictures ------------------------------------------------------------------


def pictures(arguments):
    """Take the pictures of the description pages."""
    if arguments in (["--help"], ["-h"]):
        print(PICTURES_HELP)
        return 0
    checkout = _enter_environment("pictures", arguments)
    from . import bench as benches
    from . import browser
    from . import pictures as taking

    languages = [each for each in arguments if each in taking.LANGUAGES]
    names = [each for each in arguments if each not in languages]
    known = [picture.name for picture in taking.PICTURES]
    if not set(names) <= set(known):
        console.say(f"Choose some of these: {', '.join(known)}")
        return 2
    browser.find_or_install()
    with benches.Bench.open(checkout) as everything:
        taking.take(everything, languages or taking.LANGUAGES, names)
    return 0


# -- ./setup/changelog -----------------------------------------------------------------


def changelog(arguments):
    """Build the changelogs of the addons from their fragments."""
    if arguments not in ([], ["--write"]):
        print(CHANGELOG_HELP)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    checkout = _enter_environment("changelog", arguments)
    from . import changelog as changelogs

    for addon in ADDONS:
        console.say(f"{addon}:")
        console.say(changelogs.build(checkout.root / addon, write=bool(arguments)))
    return 0


COMMANDS = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "shell": shell,
    "pictures": pictures,
    "changelog": changelog,
}
