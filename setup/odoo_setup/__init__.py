"""From a bare machine to a running Odoo 19 with both addons.

Three commands, `./setup/run`, `./setup/test` and `./setup/lint`, share these modules:

    cli          the commands and their options
    console      what the user sees: steps with their progress, and failures in one line
    checkout     where things are: this clone, its private folder, the user's cache
    python_env   the Python libraries of requirements.txt, in a virtual environment
    odoo_source  Odoo itself: yours, the cached one, Debian's or the official source
    apt          downloads from the machine's own package sources, without being root
    postgres     the database server: an embedded one, or yours
    odoo_app     databases with modules installed in them, and Odoo servers
    bench        all of these put together, as the commands and the tests use them
    demo_texts   the demo data in another language
    pictures     those of the description pages, taken from the demo
    workers      a database for each of the processes that share the tests
    linting      ruff, pylint-odoo, prettier and eslint

`cli`, `console`, `checkout`, `apt`, `python_env` and `odoo_source` use the standard
library only: they run before there is anything else.
"""
