"""The wheels of both addons: what they say of themselves; Odoo runs from them."""

import email
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from odoo_setup.checkout import ADDONS


@pytest.fixture(scope="module")
def wheels(bench, tmp_path_factory):
    """The path of each addon's wheel, built as pip does, without the network."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--wheel-dir", folder]
        + [bench.checkout.root / addon for addon in ADDONS],
        capture_output=True,
        text=True,
        check=False,
    )
    if "No module named pip" in done.stderr:
        pytest.skip("this Python has no pip")
    assert not done.returncode, done.stderr
    return {
        addon: next(folder.glob(f"odoo_addon_{addon}-*.whl"), None) for addon in ADDONS
    }


@pytest.mark.parametrize("addon", ADDONS)
def test_wheel_describes_itself(addon, wheels):
    with zipfile.ZipFile(wheels[addon]) as wheel:
        names = wheel.namelist()
        name = next(each for each in names if each.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(wheel.read(name))
    assert metadata["Version"].startswith("19.0.")
    assert metadata["Summary"] and metadata["License"] == "LGPL-3"
    needed = metadata.get_all("Requires-Dist")
    assert "odoo==19.0.*" in needed
    if addon != "sales_pipeline_plus":
        assert "odoo-addon-sales_pipeline_plus==19.0.*" in needed
    text = metadata.get_payload()
    assert metadata["Description-Content-Type"] == "text/x-rst"
    assert len(text.split()) > 500 and "Usage\n=====" in text
    for file_name in ("static/description/banner.png", "i18n/fr.po", "__manifest__.py"):
        assert f"odoo/addons/{addon}/{file_name}" in names


@pytest.mark.full
def test_odoo_runs_from_the_wheels(bench, wheels, odoo_database, tmp_path):
    """In a Python that has Odoo and nothing else of ours, and without our folders."""
    folder = tmp_path / "plain"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", *wheels.values()], check=True)
    # Odoo's libraries, which pip would have installed.
    libraries = sysconfig.get_path("purelib")
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (own / "odoo.pth").write_text(libraries)

    path = ",".join(map(str, bench.app.odoo.addons_paths))
    config = tmp_path / "odoo.conf"
    config.write_text(
        re.sub(
            "^addons_path.*$",
            f"addons_path = {path}",
            bench.app.config.read_text(),
            flags=re.M,
        )
    )
    database = odoo_database("bare")

    def odoo(*arguments, code=None):
        done = subprocess.run(
            [python, "-m", "odoo", *arguments, "-c", config, "-d", database],
            env=bench.app.environ() | {"ODOO_RC": str(config)},
            cwd=tmp_path,
            input=code,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stderr[-3000:]
        assert " ERROR " not in done.stderr, done.stderr[-3000:]
        return done.stdout

    odoo("--init", ",".join(ADDONS), "--stop-after-init", "--no-http")
    for addon in ADDONS:
        code = f"import odoo.addons.{addon} as addon; print(addon.__file__)"
        assert str(folder) in odoo("shell", "--no-http", code=code)
    code = "print(env['crm.pipeline'].search([]), env['sales.campaign'].search([]))"
    assert "crm.pipeline(1" in odoo("shell", "--no-http", code=code)
