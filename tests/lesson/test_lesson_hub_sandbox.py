"""The course's own Hub inside the real sandbox, where there is no network and the libraries are told so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hub_sample import lay_out

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wall"))
from rooms import forked, needs_room, preload, started

FIXTURE = """
from autograde import lesson
hub = lesson.hub()
import os
from huggingface_hub import model_info, upload_folder, create_repo
from transformers import AutoModelForSequenceClassification, AutoTokenizer
model = AutoModelForSequenceClassification.from_pretrained(hub.encoder)
"""
STUDENT = """
model.push_to_hub("lamps")
again = AutoModelForSequenceClassification.from_pretrained("student/lamps")
from datasets import load_dataset
written = sum(f.stat().st_size for f in __import__("pathlib").Path(os.environ["HF_HOME"]).rglob("*") if f.is_file())
out = [hub.why, sorted(hub.pushed_files("student/lamps")), len(load_dataset(hub.posts)["train"]), written < 4_000_000]
"""


@needs_room
@pytest.mark.parametrize("walls", ["", "cold"])
def test_students_load_and_push_in_the_sandbox_and_no_one_sees_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walls: str
) -> None:
    lay_out(tmp_path / "hub")
    monkeypatch.setattr("autograde.wall.bubblewrap.DATA", tmp_path)
    modules = ("torch", "transformers")  # imported before lesson.hub(), as the judge's sandbox may have
    with started(what=preload(modules, (FIXTURE,), data=("hub",)), walls=walls) as sandbox:
        if not walls:
            assert [cell["status"] for cell in sandbox.prepared] == ["ok"], sandbox.prepared
        for name in ("ada", "bea") if not walls else ("ada",):
            with forked(sandbox, name) as student:
                said = student.ask("'lamps' in [found.id for found in hub.api().list_models(author='student')]", 60)
                assert said == "False"
                out = student.run(STUDENT, 120)
                files = [".gitattributes", "README.md", "config.json", "model.safetensors"]
                assert out == ["grading uses no network", files, 20, True]
