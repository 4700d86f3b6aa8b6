"""How much memory the workbook takes, in a process of its own.

    ./setup/bench workbook [--scale 1000000]

It makes a database with the addons, and has Odoo's shell write the workbook of this
month there. It prints the size and the time, and the memory of that process: before,
at most, and what the workbook added. Nothing of it is kept.
"""

from live_data import make_databases

OPTIONS = {"scale": 1_000_000}
SCRIPT = """
import resource
import tempfile
import time


def get_peak():
    '''The most memory that this process had so far, in MB.'''
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


user = env.ref("base.user_admin")
context = {"lang": "en_US", "tz": "Europe/Paris"}
workbook = env["crm.kpi.workbook"].with_user(user).with_context(context)
# What every worker of Odoo has in memory is not the workbook's.
workbook.env["crm.kpi"].get_figures({"period": "this_month"}, ["created_count"])
before, start = get_peak(), time.perf_counter()
with tempfile.TemporaryFile() as target:
    workbook._write_workbook(target, {"period": "this_month"})
    size = target.tell() / 1e6
took = time.perf_counter() - start
print(
    f"RESULT workbook of {size:.1f} MB in {took:.0f} s; memory {before:.0f} MB before, "
    f"{get_peak():.0f} MB at most: {get_peak() - before:.0f} MB for the workbook"
)
"""


def run(bench, scale):
    """Write the workbook and print what it took."""
    with make_databases(bench, scale) as databases:
        output = bench.app.shell(databases["ours"], SCRIPT)
    for line in output.splitlines():
        if line.startswith("RESULT "):
            print(f"{scale:,} opportunities:", line.removeprefix("RESULT "))
