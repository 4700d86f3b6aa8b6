"""The Python libraries of requirements.txt, in a virtual environment of the cache.

The environment's name carries a hash of requirements.txt and the Python version, so a
change of either makes a new one. `enter` then continues the program inside of it.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import apt, console
from .checkout import lock, need_space

READY = ".ready"
NEWEST = (3, 13)  # Odoo 19's own limit: it checks Python's byte code


def location(checkout):
    """Folder of the environment for this Python and these requirements."""
    wanted = (checkout.root / "requirements.txt").read_bytes()
    key = hashlib.sha256(wanted + sys.version.encode()).hexdigest()[:8]
    return checkout.cache / f"python-{sys.version_info[0]}.{sys.version_info[1]}-{key}"


def enter(checkout, script, arguments):
    """Continue in the environment, which is made if need be; return if we are in it."""
    if os.environ.get("ODOO_SETUP_ENV") == sys.prefix:
        return
    if sys.version_info[:2] > NEWEST:
        _continue_with_older_python(script, arguments)
    folder = location(checkout)
    if not (folder / READY).exists():
        with lock(checkout.cache / "python.lock", "Python libraries"):
            if not (folder / READY).exists():
                create(folder, checkout)
    os.environ["ODOO_SETUP_ENV"] = str(folder)
    python = folder / "bin" / "python"
    os.execv(python, [str(python), str(script), *arguments])


def _continue_with_older_python(script, arguments):
    """Use another Python of this machine, where there is one that Odoo works with."""
    for minor in range(NEWEST[1], 9, -1):
        python = shutil.which(f"python3.{minor}")
        if python:
            os.execv(python, [python, str(script), *arguments])
    raise console.Failure(
        f"Odoo 19 works with Python 3.10 to 3.13, and this is"
        f" {sys.version_info[0]}.{sys.version_info[1]}.",
        "Install python3.13 beside it and run again: it will be found.",
    )


def create(folder, checkout):
    """Make the environment. One that an interrupted run left behind is thrown away."""
    need_space(checkout.cache, 1)
    shutil.rmtree(folder, ignore_errors=True)
    log = checkout.logs / "python.log"
    requirements = checkout.root / "requirements.txt"
    with console.Step("Installing the Python libraries") as step:
        try:
            pip = _empty_environment(folder, checkout, log)
            _install(pip, folder, requirements, step, log)
        except console.CommandFailed as failed:
            raise console.Failure(
                f"The Python libraries could not be installed: {_reason(failed)}",
                f"Is the network up? Run again to try once more; details are in {log}.",
            ) from None
    (folder / READY).touch()


def _install(pip, folder, requirements, step, log):
    """Install with uv, ten times as fast as pip; with pip where uv cannot."""
    python = folder / "bin" / "python"
    pinned_uv = re.search(r"^uv==\S+", requirements.read_text(), re.MULTILINE).group()
    try:
        console.run([*pip, "install", "--quiet", pinned_uv], step, log=log)
        uv = folder / "bin" / "uv"
        install = [uv, "pip", "install", "--system-certs", "--python", python]
        console.run([*install, "-r", requirements], step, log=log)
    except console.CommandFailed:
        console.run([*pip, "install", "-r", requirements], step, log=log)


def _empty_environment(folder, checkout, log):
    """Make an environment without libraries; return the command that is pip for it.

    Debian and Ubuntu keep pip and ensurepip in packages of their own. Where they are
    missing, pip's wheel is downloaded by apt and used from there: no need to be root.
    """
    has_pip = subprocess.run(
        [sys.executable, "-c", "import ensurepip, venv"],
        capture_output=True,
        check=False,
    )
    python = folder / "bin" / "python"
    if has_pip.returncode == 0:
        console.run([sys.executable, "-m", "venv", folder], log=log)
        return [python, "-m", "pip"]
    console.run([sys.executable, "-m", "venv", "--without-pip", folder], log=log)
    return [python, _pip_wheel(checkout) / "pip"]


def _pip_wheel(checkout):
    """pip's own wheel, which Python can run as it is."""
    help_yourself = "As root: apt-get install python3-venv, and run again."
    if not apt.Apt.available():
        raise console.Failure(
            "This Python has no pip, and there is no apt to get it.",
            "Install pip and venv for it, and run again.",
        )
    folder = checkout.cache / "pip"
    folder.mkdir(exist_ok=True)
    machine = apt.Apt(checkout.cache / "apt-machine")
    machine.update()
    try:
        for archive in machine.download(["python3-pip-whl"], into=folder):
            apt.unpack(archive, folder)
            archive.unlink()
    except console.CommandFailed as failed:
        raise console.Failure(
            f"This Python has no pip: {_reason(failed)}", help_yourself
        ) from None
    wheels = sorted(Path(folder).glob("usr/share/python-wheels/pip-*.whl"))
    if not wheels:
        raise console.Failure("This Python has no pip.", help_yourself)
    return wheels[-1]


def _reason(failed):
    """The line of a failed installer that says most."""
    lines = [line.strip() for line in failed.output.splitlines() if line.strip()]
    telling = [
        line
        for line in lines
        if re.match(r"(ERROR|error|E|× |cause|\s*Caused by)\b", line, re.IGNORECASE)
    ]
    return (telling or lines or [str(failed)])[-1][:300]
