"""What nbgrader alone cannot read or should not copy: other encodings, old formats, links out of a submission."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from differences import ANSWER, Difference, assignment
from nbgrader.converters import GenerateFeedback, NbGraderException
from two_graders import KEY, STUDENT, config_of, convert, isolation_here, make_course, released, rows_of

from autograde.grading.converter import Autograde
from autograde.grading.nbgrader_settings import judge_config

HIDDEN = "secret_number = 41 + 1\nassert answer != 2, 'not two'"
TEST = f"assert answer > 0\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
RIGHT = {"p1/before": 3.0, "p1/test": 2.0, "p1/after": 1.0, "p1/why": 0.0}


@pytest.fixture(scope="module")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released assignment; not to be written to."""
    return make_course(tmp_path_factory.mktemp("reading") / "course", {"p1": assignment(TEST)})


@pytest.fixture
def course(released_course: Path, tmp_path: Path) -> Path:
    """A copy of it with one student's folder."""
    root = Path(shutil.copytree(released_course, tmp_path / "course"))
    (root / "submitted" / STUDENT / KEY).mkdir(parents=True)
    return root


def handed_in(course: Path) -> Path:
    return course / "submitted" / STUDENT / KEY


def solved(course: Path, answer: str = ANSWER) -> str:
    nb = Difference("", "", TEST, answer, 2.0, 2.0).submission(released(course, "p1"))
    return str(nbformat.writes(nb))


def grade(course: Path) -> tuple[dict[str, float | None], str]:
    """The scores, and what nbgrader logged."""
    log = convert(Autograde, course, STUDENT, config_of(course, RunChecks={"isolation": isolation_here()}))
    return {name: row[0] for name, row in rows_of(course, STUDENT).items() if "answer" not in name}, log


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_notebook_in_another_encoding_is_graded(course: Path, encoding: str) -> None:
    text = solved(course, 'answer = len("é")')
    text = json.dumps(json.loads(text), ensure_ascii=False)
    (handed_in(course) / "p1.ipynb").write_bytes(text.encode(encoding))
    scores, log = grade(course)
    assert scores == RIGHT
    assert ("was not saved as UTF-8" in log or "was saved as UTF-16" in log) is (encoding != "utf-8-sig")


def test_a_notebook_of_format_3_is_graded(course: Path) -> None:
    old = nbformat.convert(nbformat.reads(solved(course), as_version=4), 3)
    (handed_in(course) / "p1.ipynb").write_text(json.dumps(old), encoding="utf-8")
    assert grade(course)[0] == RIGHT


def test_files_folders_and_code_beside_the_notebook_are_there_when_it_runs(course: Path) -> None:
    answer = "import helper\nanswer = int(open('data/one.txt').read()) * helper.one"
    (handed_in(course) / "p1.ipynb").write_text(solved(course, answer), encoding="utf-8")
    (handed_in(course) / "helper.py").write_text("one = 1\n", encoding="utf-8")
    (handed_in(course) / "data").mkdir()
    (handed_in(course) / "data" / "one.txt").write_text("1", encoding="utf-8")
    assert grade(course)[0] == RIGHT


def test_the_notebook_with_its_tests_is_not_beside_itself(course: Path) -> None:
    answer = "from pathlib import Path\nanswer = 1 + len(list(Path('.').rglob('*.ipynb')))"
    (handed_in(course) / "p1.ipynb").write_text(solved(course, answer), encoding="utf-8")
    assert grade(course)[0] == RIGHT


def test_a_data_file_that_links_out_of_the_submission_is_left_out(course: Path) -> None:
    answer = "import os\nanswer = int(sorted(os.listdir()) == ['mine', 'own.txt'])"
    (handed_in(course) / "p1.ipynb").write_text(solved(course, answer), encoding="utf-8")
    (handed_in(course) / "own.txt").write_text("mine", encoding="utf-8")
    (handed_in(course) / "mine").symlink_to("own.txt")
    (handed_in(course) / "stolen.txt").symlink_to(course / "source" / KEY / "p1.ipynb")
    scores, log = grade(course)
    assert scores == RIGHT
    assert "ada: stolen.txt is a link out of the submission: left out" in log
    assert sorted(path.name for path in (course / "autograded" / STUDENT / KEY).iterdir()) == [
        "mine",
        "own.txt",
        "p1.ipynb",
    ]


def test_a_notebook_that_is_a_link_to_the_solution_is_refused(course: Path) -> None:
    (handed_in(course) / "p1.ipynb").symlink_to(course / "source" / KEY / "p1.ipynb")
    with pytest.raises(
        NbGraderException, match="p1.ipynb is a link to somewhere else: ask the student for the notebook"
    ):
        grade(course)


def test_a_file_that_is_no_notebook_is_refused_in_words(course: Path) -> None:
    (handed_in(course) / "p1.ipynb").write_text("<html>please log in</html>", encoding="utf-8")
    with pytest.raises(NbGraderException, match="the file is a web page, not a notebook: ask the student to download"):
        grade(course)


@pytest.mark.parametrize("ours", [True, False], ids=["our page", "nbgrader's page"])
def test_our_page_of_another_courses_notebook_shows_no_hidden_test_and_nbgraders_does(course: Path, ours: bool) -> None:
    (handed_in(course) / "p1.ipynb").write_text(solved(course, "answer = 2"), encoding="utf-8")
    assert grade(course)[0]["p1/test"] == 0.0
    config = config_of(course)
    config.merge(judge_config(feedback=ours))
    convert(GenerateFeedback, course, STUDENT, config)
    page = (course / "feedback" / STUDENT / KEY / "p1.html").read_text(encoding="utf-8")
    assert "not two" in page
    assert ("secret_number" in page) is not ours
