"""The one runner of the benchmarks.

A benchmark is a file `tests/benchmark_NAME.py`: its docstring, the options with their
defaults (`OPTIONS = {"deals": 10_000}`), and either the `SCRIPT`, which Odoo's shell
runs on a database of its own, dropped afterwards (each option is a constant of it, in
capitals), or a function `run(bench, **options)` that makes its own databases.
"""

import argparse
import importlib.util
import sys

from .bench import Bench


def names(checkout):
    """The names of all benchmarks."""
    files = sorted((checkout.root / "tests").glob("benchmark_*.py"))
    return [path.stem.removeprefix("benchmark_") for path in files]


def run(checkout, name, arguments):
    """Run one benchmark with its options; print what it measures."""
    benchmark = _load(checkout, name)
    options = _options(benchmark, name, arguments)
    with Bench.open(checkout) as bench:
        if hasattr(benchmark, "run"):
            benchmark.run(bench, **options)
        else:
            _run_script(bench, benchmark.SCRIPT, options)


def _run_script(bench, script, options):
    constants = [f"{key.upper()} = {value!r}" for key, value in options.items()]
    database = bench.temporary_name()
    try:
        bench.clone(bench.template("addons"), database)
        output = bench.app.shell(database, "\n".join([*constants, script]))
    finally:
        bench.drop(database)
    print("\n".join(line for line in output.splitlines() if " INFO " not in line))


def _load(checkout, name):
    path = checkout.root / "tests" / f"benchmark_{name}.py"
    # For what several of them share.
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _options(benchmark, name, arguments):
    parser = argparse.ArgumentParser(
        prog=f"./setup/bench {name}",
        description=benchmark.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option, default in benchmark.OPTIONS.items():
        if isinstance(default, bool):
            parser.add_argument(f"--{option}", action="store_true")
        else:
            parser.add_argument(
                f"--{option}",
                type=type(default),
                default=default,
                help="default: %(default)s",
            )
    return vars(parser.parse_args(arguments))
