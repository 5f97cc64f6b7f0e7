"""One home for dependencies: environment.yml, pyproject.toml, constraints.txt and setup_colab.py agree."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from setup_hosts import ROOT, load_setup

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_setup_installs_the_ranges_of_pyproject_and_no_others():
    code = load_setup("setup_dependencies_under_test")
    assert sorted([*code.REQUIREMENTS, *code.ONLY_FOR]) == sorted(PROJECT["dependencies"])


def test_every_range_is_one_that_setup_compares_exactly():
    code = load_setup("setup_dependencies_under_test")
    assert [code.parse(text)[0] for text in PROJECT["dependencies"]] == [
        Requirement(text).name for text in PROJECT["dependencies"]
    ]


def test_every_requirement_whose_module_has_another_name_is_known():
    code = load_setup("setup_dependencies_under_test")
    # of what a course like this may need
    names = {"scikit-learn": "sklearn", "pillow": "PIL", "pyyaml": "yaml", "faiss-cpu": "faiss"}
    needed = {Requirement(text).name for text in PROJECT["dependencies"]}
    assert code.IMPORT_NAMES == {name: module for name, module in names.items() if name in needed}


def test_conda_supplies_python_and_pip_and_nothing_else():
    *conda, by_pip = ENVIRONMENT["dependencies"]
    assert [re.split("[ <>=]", entry)[0] for entry in conda] == ["python", "pip"]
    assert by_pip == {"pip": ["-c constraints.txt", "-e .[instructor,test]"]}


def test_the_pip_part_names_extras_that_exist():
    extras = re.findall(r"\[(.*)\]", ENVIRONMENT["dependencies"][-1]["pip"][-1])[0].split(",")
    assert set(extras) == set(PROJECT["optional-dependencies"]) - {"fuzz"}  # make fuzz installs its own


def test_conda_takes_a_python_that_the_project_takes():
    wanted = SpecifierSet(ENVIRONMENT["dependencies"][0].removeprefix("python "))
    project = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(9, 16)]
    assert [minor for minor in minors if minor in wanted] == ["3.11", "3.12", "3.13"]
    assert all(minor in project for minor in minors if minor in wanted) and "3.10" not in project


def test_the_tested_set_lies_in_the_ranges():
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pinned[canonicalize_name(name)] = version
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for requirement in (Requirement(text) for group in groups for text in group):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version and version in requirement.specifier, f"{requirement} against {version} in constraints.txt"


def test_setup_is_one_file_of_the_standard_library():
    import sys

    tree = ast.parse((ROOT / "setup_colab.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    roots = {str(name).partition(".")[0] for name in imported}
    assert roots <= set(sys.stdlib_module_names)


def test_the_constants_that_the_build_rewrites_stand_on_lines_of_their_own():
    lines = (ROOT / "setup_colab.py").read_text(encoding="utf-8").splitlines()
    course = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["course"]
    assert [line for line in lines if line.startswith("REPOSITORY =")] == [f'REPOSITORY = "{course["repository"]}"']
    assert [line for line in lines if line.startswith("REF =")] == [f'REF = "{course["ref"]}"']
