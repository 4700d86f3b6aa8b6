"""Fixtures of the tests that cross addons: databases, servers, commands, a browser.

    def test_something(odoo_database, odoo_server, odoo_cli, page, login):
        database = odoo_database("addons_demo")          # a clone, dropped afterwards
        odoo_cli(database, "-u", "sales_pipeline_plus", "--stop-after-init")
        print(odoo_cli.shell(database, "print(env['crm.lead'].search_count([]))"))
        server = odoo_server(database)                   # answers when it is returned
        login(page, server.url)
        page.goto(f"{server.url}/odoo/crm")

Templates: `bare` and `bare_demo` have crm, sale_crm and sale_management; `addons` and
`addons_demo` have both of our addons as well; `_demo` means with demo data. They are
made once and kept. Fixtures of function or module scope can use `odoo_database`,
`odoo_server` and `odoo_cli`; what these made is gone at the end of the module.
"""

import contextlib
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "setup"))

from odoo_setup import browser as setup_browser  # noqa: E402
from odoo_setup import npm, odoo_app  # noqa: E402
from odoo_setup.bench import Bench  # noqa: E402
from odoo_setup.checkout import Checkout  # noqa: E402

SCREENSHOTS = ROOT / ".odoo" / "screenshots"
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

AXE_RUN = """async (selector) => {
    const {violations} = await axe.run(
        {include: [[selector]]},
        {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    );
    return violations;
}"""


# OdooBot's welcome opens at any moment after the first log-in: over all, on a phone.
NO_WELCOME = """
    DO $$ BEGIN
        UPDATE res_users SET odoobot_state = 'disabled';
    EXCEPTION WHEN undefined_column OR undefined_table THEN NULL;
    END $$"""


@pytest.fixture(scope="session")
def bench():
    """Odoo, the database server and this clone: see setup/odoo_setup/bench.py."""
    with Bench.open(Checkout.here()) as everything:
        yield everything


class Database(str):
    """The name of a database, which can also be asked."""

    bench = None

    def query(self, statement, parameters=None):
        """Run an SQL statement; return the rows, if there are any."""
        with self.bench.server.cursor(self) as cr:
            cr.execute(statement, parameters)
            return cr.fetchall() if cr.description else []


@pytest.fixture(scope="module")
def odoo_database(bench):
    """Factory: `odoo_database(template="addons", modules=(), demo=False)` clones one.

    `modules` are installed in the clone, with their demo data if `demo` says so. The
    result is the database's name, with a method `query(sql, parameters)`.
    """
    made = []

    def make(template="addons", modules=(), demo=False):
        database = Database(bench.temporary_name())
        database.bench = bench
        made.append(database)
        bench.clone(bench.template(template), database)
        if modules:
            modules = [modules] if isinstance(modules, str) else modules
            bench.app.install(database, *modules, demo=demo)
        database.query(NO_WELCOME)
        return database

    yield make
    for database in made:
        bench.drop(database)


class OdooCli:
    """Odoo's own commands on a database; `log` is what the last one printed."""

    def __init__(self, bench):
        self._app = bench.app
        self._state = bench.checkout.state
        self.log = ""

    def addons_path(self, *folders):
        """Run what is within with the addons of these folders, after Odoo's own."""
        return self._app.addons_path(*folders)

    def __call__(self, database, *arguments):
        """Run `odoo -d DATABASE ARGUMENTS`; return its log. A failure is raised."""
        self.log = self._app.run(
            *("--database", database, "--max-cron-threads", "0"),
            *("--http-port", str(odoo_app.free_port())),
            *arguments,
        )
        return self.log

    def install(self, database, *modules, demo=False):
        """Install modules; an error in the log fails the test."""
        self._app.install(database, *modules, demo=demo)

    def upgrade(self, database, *modules, demo=False):
        """Update modules; an error in the log fails the test."""
        self._app.install(database, *modules, demo=demo, update=True)

    def uninstall(self, database, *modules):
        """Uninstall modules, as the Apps menu does."""
        self.log = self._app.run(
            *("module", "uninstall", "-c", self._app.config, "-d", database),
            *modules,
        )
        trouble = odoo_app.TROUBLE.search(self.log)
        assert not trouble, self.log[trouble.start() - 500 :]
        return self.log

    def shell(self, database, code):
        """Run Python code with `env` (commit it yourself); return what it printed."""
        self.log = self._app.shell(database, code)
        lines = self.log.splitlines(keepends=True)
        return "".join(
            line for line in lines if not re.match(r"\d{4}-\d\d-\d\d ", line)
        )


@pytest.fixture(scope="module")
def odoo_cli(bench):
    """Odoo's commands: `odoo_cli(database, *arguments)`, `.install`, `.upgrade`,
    `.uninstall`, `.shell(database, code)` and `.log`."""
    return OdooCli(bench)


@pytest.fixture(scope="module")
def odoo_server(bench):
    """Factory: `odoo_server(database, *arguments)` starts a server on a free port.

    The result has `url`, `port`, `log` (a path) and `stop()`; it answers already.
    """
    servers = []

    def start(database, *arguments):
        log = bench.checkout.logs / f"server-{database}.log"
        log.write_text("")
        server = bench.app.start(
            database, odoo_app.free_port(), log, "--max-cron-threads", "0", *arguments
        )
        servers.append(server)
        return server.wait()

    yield start
    for server in servers:
        server.stop()
        server.log.unlink(missing_ok=True)


# -- browser ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by playwright; the test is skipped where there is none."""
    executable = setup_browser.find()
    if not executable:
        pytest.skip(setup_browser.MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=list(BROWSER_FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser, request):
    """Factory: `new_page(**options)` opens a page, such as one of a phone's width
    (`viewport={"width": 390, "height": 844}`) or of a language (`locale="fr-FR"`).

    The test fails if the browser's console showed an error, and leaves a screenshot in
    .odoo/screenshots if it fails. Expected errors go into `page.allowed_errors`
    (regular expressions).
    """
    pages = []

    def open_page(**options):
        options.setdefault("viewport", {"width": 1366, "height": 900})
        page = browser.new_context(**options).new_page()
        # The first page compiles the web client's assets.
        page.set_default_timeout(180_000)
        page.errors = []
        page.allowed_errors = []
        page.on("pageerror", lambda error: page.errors.append(f"page: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and page.errors.append(
                    f"console: {message.text} {message.location.get('url', '')}"
                )
            ),
        )
        pages.append(page)
        return page

    yield open_page
    report = getattr(request.node, "report_call", None)
    errors = []
    for number, page in enumerate(pages):
        if report and report.failed:
            with contextlib.suppress(Exception):
                screenshot(page, f"failed-{request.node.name}-{number}")
        errors += [
            error
            for error in page.errors
            if not any(re.search(allowed, error) for allowed in page.allowed_errors)
        ]
        page.context.close()
    assert not errors, "errors on the browser's console:\n" + "\n".join(errors)


@pytest.fixture
def page(new_page):
    """A page of a desktop's width; see `new_page`."""
    return new_page()


@pytest.fixture(scope="module")
def login():
    """`login(page, url, user="admin", password=user)` logs in to the web client. Other
    pages of the same user take over the session, and begin where they are sent."""
    sessions = {}

    def log_in(page, url, user="admin", password=None):
        if (url, user) in sessions:
            page.context.add_cookies(sessions[url, user])
            return
        page.goto(f"{url}/web/login")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", password or user)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        sessions[url, user] = page.context.cookies()

    return log_in


@pytest.fixture(scope="session")
def find_violations(bench):
    """`find_violations(page, selector)` lists what axe-core finds wrong in an element:
    contrast, labels, names, the order of headings. Skipped where there is none."""
    modules = npm.find(bench.checkout, "test")
    if not modules:
        pytest.skip("no axe-core in the cache (./setup/test installs it, by npm)")
    script = (modules / "axe-core" / "axe.min.js").read_text()

    def find(page, selector):
        page.evaluate(f"window.axe || (() => {{{script}}})()")
        violations = page.evaluate(AXE_RUN, selector)
        return [
            f"{violation['id']} ({violation['help']}): {node['html'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]

    return find


@pytest.fixture(scope="session", name="screenshot")
def screenshot_fixture():
    """`screenshot(page, name)` saves a picture in .odoo/screenshots."""
    return screenshot


def screenshot(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file_name = re.sub(r"[^\w.-]+", "-", name)
    path = SCREENSHOTS / f"{file_name}.png"
    page.screenshot(path=path)
    return path


def pytest_collection_modifyitems(items):
    """What is marked ``full`` runs with ``./setup/test --full`` only."""
    if not os.environ.get("SALES_TEST_FULL"):
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip("takes long: ./setup/test --full"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know how the test ended."""
    report = yield
    if report.when == "call":
        item.report_call = report
    return report
