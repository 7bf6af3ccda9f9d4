"""The browser files: fetched when the lock file moves, kept when the registry is out of reach."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hatchling.bridge.app import Application

import hatch_build
from house.house import ROOT


class Registry:
    """Stands where npm stands: gives every file, or fails as npm does."""

    def __init__(self) -> None:
        self.calls = 0
        self.reachable = True

    def fetch(self, frontend: Path, vendor: Path) -> None:
        assert (frontend / "package-lock.json").exists()
        self.calls += 1
        if not self.reachable:
            raise subprocess.CalledProcessError(1, "npm", stderr="npm error code ENOTFOUND")
        vendor.mkdir(parents=True, exist_ok=True)
        for name in hatch_build.ASSETS.values():
            (vendor / name).write_text(f"build {self.calls}")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    registry = Registry()
    monkeypatch.setattr(hatch_build, "fetch", registry.fetch)
    return registry


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "frontend/package-lock.json"
    path.parent.mkdir()
    path.write_text("{}")
    return path


def build(root: Path) -> Path:
    """Run the hook and return the folder that it fills."""
    unused: Any = None
    hook = hatch_build.AssetsHook(
        str(root), {}, unused, unused, str(root / "dist"), "wheel", Application()
    )
    hook.initialize("standard", {})
    return root / "src/sanshi/web/static/vendor"


def test_files_are_fetched_once_for_each_lock_file(
    tmp_path: Path, lock: Path, registry: Registry
) -> None:
    vendor = build(tmp_path)
    build(tmp_path)
    assert registry.calls == 1
    lock.write_text('{"moved": true}')
    build(tmp_path)
    assert registry.calls == 2
    assert (vendor / "htmx.min.js").read_text() == "build 2"


def test_a_missing_file_is_fetched_again(tmp_path: Path, lock: Path, registry: Registry) -> None:
    assert lock.exists()
    (build(tmp_path) / "htmx.min.js").unlink()
    build(tmp_path)
    assert registry.calls == 2


def test_older_files_stay_in_use_without_the_registry(
    tmp_path: Path, lock: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor = build(tmp_path)
    lock.write_text('{"moved": true}')
    registry.reachable = False
    build(tmp_path)
    assert (vendor / "htmx.min.js").read_text() == "build 1"
    assert "stay in use" in "".join(capsys.readouterr())
    registry.reachable = True
    build(tmp_path)
    assert (vendor / "htmx.min.js").read_text() == "build 3"


def test_without_files_and_registry_the_error_names_the_fix(
    tmp_path: Path, lock: Path, registry: Registry
) -> None:
    assert lock.exists()
    registry.reachable = False
    with pytest.raises(RuntimeError, match=r"(?s)npm settings.*ENOTFOUND"):
        build(tmp_path)


def test_every_file_comes_from_a_package_that_is_pinned() -> None:
    lock = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    for source in hatch_build.ASSETS:
        scope, _, rest = source.partition("/")
        name = f"{scope}/{rest.split('/')[0]}" if scope.startswith("@") else scope
        assert f'"node_modules/{name}": {{\n      "version"' in lock
