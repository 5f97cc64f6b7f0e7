"""The workflow files are valid, and run the commands that the README names."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def validate(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_follows_the_workflow_schema(path):
    result = validate(path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_broken_workflow_is_noticed(tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "runs-one:"))
    assert validate(broken).returncode != 0


def test_the_hosted_workflow_runs_tests_checks_and_the_demo():
    text = (ROOT / ".github/workflows/tests.yml").read_text()
    assert all(command in text for command in ("make test", "make check", "make demo"))


def test_the_gpu_workflow_runs_the_whole_curriculum_at_full_scale_on_a_gpu_runner():
    text = (ROOT / ".github/workflows/curriculum-gpu.yml").read_text()
    assert "runs-on: [self-hosted, gpu]" in text
    assert "make gpu SCALE=${{ inputs.scale || 'full' }}" in text
    assert "build/gpu/*.html" in text and "docs/gpu.md" in text
