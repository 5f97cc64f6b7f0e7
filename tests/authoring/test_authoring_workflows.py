"""The workflow files are valid, and run the commands that the README names."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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
    assert "make curriculum DEVICE=cuda SCALE=${{ inputs.scale || 'full' }}" in text
    assert "build/curriculum/*.html" in text


def test_the_canary_runs_weekly_against_the_newest_versions_and_both_hosts_pins():
    workflow = yaml.safe_load((ROOT / ".github/workflows/canary.yml").read_text())
    [when] = workflow[True]["schedule"]  # YAML reads the key `on` as true
    assert when["cron"].split()[2:4] == ["*", "*"] and when["cron"].split()[4].isdigit()
    newest, hosts = (
        "\n".join(step.get("run", "") for step in workflow["jobs"][job]["steps"]) for job in ("newest", "hosts")
    )
    assert "constraints" not in next(line for line in newest.splitlines() if "pip install" in line)
    assert all(command in newest for command in ("autograde build", "autograde curriculum", "autograde mutants"))
    assert "tests/hosts/run_hosts.py --only ${{ matrix.imitation }}" in hosts


def test_the_canary_names_imitations_and_pythons_that_there_are():
    sys.path.insert(0, str(ROOT / "tests" / "hosts"))
    try:
        from run_hosts import imitations
    finally:
        sys.path.pop(0)
    known = {one.name: one.wanted for one in imitations()}
    asked = yaml.safe_load((ROOT / ".github/workflows/canary.yml").read_text())["jobs"]["hosts"]["strategy"]
    rows = asked["matrix"]["include"]
    assert [known[row["imitation"]].python for row in rows] == [row["python"] for row in rows]
    assert {known[row["imitation"]].pins for row in rows} == {"colab", "kaggle"}


@pytest.mark.parametrize("name", ["tests.yml", "curriculum-gpu.yml"])
def test_what_was_measured_is_handed_on_to_the_next_run(name):
    text = (ROOT / ".github/workflows" / name).read_text()
    assert "actions/cache@v4" in text
    assert text.count("build/curriculum/history.jsonl") == 2  # the cache, and the artifact
