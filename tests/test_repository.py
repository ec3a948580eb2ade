"""What must stay true of the repository itself: its layering, its pins, and what it must not say."""

from __future__ import annotations

import ast
import hashlib
import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path, PurePath

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SEED = "000_02a9af07749c0ccb.txt"
ORIGINAL_SEED = ROOT.parent / "shared" / "seeds" / SEED

# Where a library may be named. Each stays inside the seam that translates it.
SEAMS = {
    "anthropic": ("qa/clients/anthropic.py",),
    "bcrypt": ("qa/web/users.py",),
    "charset_normalizer": ("index_store/readers/encoding.py",),
    "chromadb": ("index_store/chroma.py",),
    "docx": ("index_store/readers/word.py",),
    "gradio": ("app.py", "qa/web/*.py"),
    "lxml": tuple(
        f"index_store/readers/{name}.py" for name in ("container", "epub", "html", "markup", "word")
    ),
    "llama_index": ("index_store/node.py", "qa/clients/*.py", "qa/engine.py"),
    "onnx": ("index_store/onnx_export.py",),
    "onnxruntime": ("index_store/inference.py", "index_store/onnx_export.py"),
    "ollama": ("qa/clients/ollama.py",),
    "openai": ("qa/clients/openai.py",),
    "openpyxl": ("index_store/readers/workbook.py",),
    "pptx": ("index_store/readers/slides.py",),
    "prometheus_client": ("qa/web/metrics.py",),
    "pypdfium2": ("index_store/drawing.py", "index_store/readers/glyphs.py", "index_store/readers/pdf.py"),
    "sentence_transformers": ("index_store/embedder*.py", "index_store/onnx_export.py"),
    "torch": ("index_store/embedder*.py", "index_store/onnx_export.py"),
    "trafilatura": ("index_store/readers/html.py",),
    "transformers": ("index_store/embedder*.py", "index_store/onnx_export.py", "qa/clients/huggingface.py"),
}
HEAVY = {
    "charset_normalizer",
    "chromadb",
    "docx",
    "gradio",
    "llama_index",
    "lxml",
    "onnx",
    "onnxruntime",
    "openai",
    "openpyxl",
    "pptx",
    "pypdfium2",
    "sentence_transformers",
    "torch",
    "trafilatura",
    "transformers",
}

# Written so that this file does not hold what it looks for.
REGISTRY = re.compile(
    r"(?:py[p]i|python[h]osted|py[t]orch|npm[j]s|yarn[p]kg|deb[i]an|ubun[t]u|ana[c]onda|crat[e]s)"
    r"\.(?:org|com|io)\b"
)
MACHINE_PATH = re.compile(r"/(?:w[o]rk|f[a]rm|r[o]ot|opt/whe[e]ls)/")


def tracked_files() -> list[Path]:
    """Every file that is in the repository or, not being ignored, about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def package_modules() -> list[Path]:
    return [
        ROOT / "app.py",
        *sorted((ROOT / "index_store").rglob("*.py")),
        *sorted((ROOT / "qa").rglob("*.py")),
    ]


def imported_by(path: Path) -> set[str]:
    """The top-level names that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_the_seed_article_is_the_original_byte_for_byte() -> None:
    digest = hashlib.sha256((ROOT / "seeds" / SEED).read_bytes()).hexdigest()

    assert digest == "b0bf12fda7b277c287cc68cdc7776bc6951e8764ca3a4eb44df1eb9c647fed27"


@pytest.mark.skipif(not ORIGINAL_SEED.is_file(), reason="the original does not lie beside this checkout")
def test_the_seed_article_equals_the_one_beside_the_checkout() -> None:
    assert (ROOT / "seeds" / SEED).read_bytes() == ORIGINAL_SEED.read_bytes()


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry host", "machine path"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked_files()
        for match in pattern.finditer(path.read_bytes().decode("utf-8", "ignore"))
    }

    assert found == set()


def test_versions_are_pinned_in_the_constraints_file_alone() -> None:
    assert {"uv.lock", "poetry.lock", "Pipfile.lock"}.isdisjoint(path.name for path in tracked_files())
    assert all(re.fullmatch(r"[0-9][\w.]*", version) for version in pins().values())


def test_every_dependency_has_a_pin_in_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [Requirement(line) for line in sum(extras, project["dependencies"])]
    pinned = {canonical(name): version for name, version in pins().items()}

    amiss = {
        str(each) for each in wanted if not each.specifier.contains(pinned.get(canonical(each.name), "0"))
    }

    assert amiss == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_license_is_apache_2() -> None:
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()

    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(
    ("package", "names"),
    [
        ("index_store", {"Document", "Hit", "IndexStore", "Passage", "RebuildReport", "rebuild"}),
        (
            "qa",
            {"Answer", "AnswerSentence", "Assistant", "Citation", "Conversation", "Event"},
        ),
    ],
)
def test_a_package_offers_what_its_users_script_against(package: str, names: set[str]) -> None:
    module = importlib.import_module(package)

    assert names <= set(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("path", package_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_from_app_to_qa_to_index_store(path: Path) -> None:
    above = {"index_store": {"qa", "app"}, "qa": {"app"}}
    forbidden = above.get(path.relative_to(ROOT).parts[0], set()) | {"benchmarks", "tests", "training"}

    assert imported_by(path) & forbidden == set()


@pytest.mark.parametrize("path", package_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_is_named_only_at_its_seam(path: Path) -> None:
    place = PurePath(path.relative_to(ROOT))
    strays = {
        library
        for library in imported_by(path) & SEAMS.keys()
        if not any(place.match(allowed) for allowed in SEAMS[library])
    }

    assert strays == set()


@pytest.mark.parametrize("package", ["index_store", "qa", "qa.web", "qa.cli"])
def test_importing_loads_no_heavy_library(package: str) -> None:
    listing = f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})"

    loaded = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, check=True, text=True
    )

    assert set(loaded.stdout.split()) & HEAVY == set()
