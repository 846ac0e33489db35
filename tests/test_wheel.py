"""The wheel: built as a release builds it, laid out where pip would put it, and asked through both doors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from real_checkov import REPOSITORY, clone
from serverful.catalogue import EXPECTED

TODAY = "2026-11-23"
DESIGN = REPOSITORY / "fixtures" / "estates" / "legacy_vpc"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel holds, unpacked into a folder that stands for site-packages."""
    out = tmp_path_factory.mktemp("wheel")
    source = clone(out / "source")  # building in place would leave, and later ship, a stale build/
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(REPOSITORY / name, source)
    words = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out / "dist"), str(source)]
    built = subprocess.run(words, capture_output=True, text=True, cwd=out)
    assert built.returncode == 0, built.stderr[-2000:] + built.stdout[-2000:]
    (wheel,) = (out / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def run(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command that sees the wheel before any clone: an editable installation does not count."""
    environment = {**os.environ, "PYTHONPATH": str(site), "SERVERFUL_TODAY": TODAY}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=site, env=environment)


def test_policies_and_their_pages_are_in_it(site: Path) -> None:
    path = Path(run(site, "-m", "serverful", "policies", "--path").stdout.strip())
    assert path == site / "serverful" / "policies"
    pages = {page.relative_to(path) for page in path.rglob("*.md")}
    assert pages == {page.relative_to(REPOSITORY / "policies") for page in (REPOSITORY / "policies").rglob("*.md")}
    listed = json.loads(run(site, "-m", "serverful", "policies", "--format", "json").stdout)
    assert {entry["id"] for entry in listed["policies"]} == set(EXPECTED)
    for data in ("services.yaml", "managed_policies.yaml", "extensions.yaml"):
        assert (site / "serverful" / "evidence" / "reference" / data).is_file()
    assert (site / "serverful" / "py.typed").is_file()
    config = Path(run(site, "-m", "serverful", "policies", "--config").stdout.strip())
    assert config.read_bytes() == (REPOSITORY / ".checkov.yaml").read_bytes()


def test_both_doors_judge_from_it(site: Path) -> None:
    scanned = json.loads(run(site, "-m", "serverful", "scan", str(DESIGN), "--format", "json").stdout)
    ours = sorted((f["policy"]["id"], f["address"]) for f in scanned["findings"] if f["outcome"] == "failed")
    assert ours
    words = ("-d", str(DESIGN), "--external-checks-dir", str(site / "serverful" / "policies"), "--framework", "terraform")
    checked = run(site, "-m", "checkov.main", *words, "--check", "SLS_*", "--skip-download", "-o", "json")
    failed = json.loads(checked.stdout)["results"]["failed_checks"]
    assert sorted((record["check_id"], record["resource"]) for record in failed) == ours, checked.stderr[-2000:]
