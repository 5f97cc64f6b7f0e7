# ruff: noqa: E501
"""A test's header and bank: what the build makes of them, what it refuses, and that the release gives nothing away."""

import copy
import json
from pathlib import Path

import pytest
from sample_lesson import KEY, LESSON, make_course

from autograde.authoring import freshness
from autograde.authoring.exam_leaks import other_bank
from autograde.authoring.leak import leaks, secrets_of
from autograde.authoring.products import build_lesson
from autograde.authoring.source import read_source
from autograde.course import CourseError
from autograde.lesson import drawing
from autograde.lesson.exam import Exam
from autograde.lesson.exam_release import key_of_exam, release_exam

SAMPLE = Path(__file__).parents[1] / "lesson" / "exams" / "two_items.toml"
BANK = (
    SAMPLE.read_text(encoding="utf-8")
    .replace('id = "test_9"', 'id = "test_1"')
    .replace('"03_training_loop#Takeaways"', '"01_sums#A story"')
    .replace('["02_autograd", "docs/glossary.md#gradient"]', '["docs/glossary.md#sum", "09_later"]')
)
WITH_TEST = LESSON.replace('# %% lab="lab_1"', '# %% exam="test_1" points=2\n\n# %% lab="lab_1"')


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(drawing, "ROUNDS", 1)
    drawing.seed_of.cache_clear()
    yield
    drawing.seed_of.cache_clear()


def course_with_test(root, bank=BANK, lesson=WITH_TEST, **changed):
    course = make_course(root, lesson, **changed)
    (root / "notebooks" / f"{KEY}.test_1.toml").write_text(bank, encoding="utf-8")
    return course


def told(root, bank=BANK, lesson=WITH_TEST):
    """The problems of a lesson with this bank, as text."""
    course_with_test(root, bank, lesson)
    try:
        read_source(make_course_again(root), KEY)
    except CourseError as error:
        return str(error)
    return ""


def make_course_again(root):
    from autograde.course import load_course

    return load_course(root)


def test_the_header_becomes_five_cells_with_the_key_in_hidden_lines_only(tmp_path):
    cells = read_source(course_with_test(tmp_path), KEY)
    bank = cells.side["test_1"]
    by_name = {cell.id: cell for cell in cells.notebook.cells}
    key = json.dumps(key_of_exam(bank, bank["places"]), ensure_ascii=False)
    assert by_name["check_test_1"].source == (
        'check.begin("test_1", points=2)\ncheck.sheet(test_1, test_1_student, test_1_answers)\n### BEGIN HIDDEN TESTS\n'
        f"check.graded(test_1, test_1_student, test_1_answers, {key})\n### END HIDDEN TESTS\ncheck.end()"
    )
    assert by_name["test_1"].metadata.measure_first.binds == ["test_1_answers", "test_1_student"]
    assert any(cell.source == 'test_1 = lesson.exam("test_1.json")' for cell in cells.notebook.cells)
    assert any(cell.source == "test_1.show(test_1_student, test_1_answers)" for cell in cells.notebook.cells)
    assert any(
        "**2 questions, about 5 minutes. 1 right answers pass (50%).**" in c.source for c in cells.notebook.cells
    )
    assert bank["places"] == {
        "eager": [("lesson 01 · Sums, “A story”", "https://github.com/ada/sums/blob/v1/release/01_sums/01_sums.ipynb")],
        "zeroing": [("glossary, sum", "https://github.com/ada/sums/blob/v1/docs/glossary.md#sum"), ("lesson 09", "")],
    }


def test_a_built_release_has_no_key_no_feedback_and_says_what_is_not_there_yet(tmp_path):
    course = course_with_test(tmp_path)
    product = build_lesson(course, KEY, None)
    assert product.notes == [
        "notebooks/01_sums.test_1.toml: 09_later is not in course.toml yet: feedback pages name it without a link"
    ]
    everything = b"\n".join(product.released.values()).decode()
    bank = read_source(course, KEY).side["test_1"]
    key = key_of_exam(bank)
    assert not any(feedback in everything for feedback in key["feedback"].values())
    assert not any(subject in everything for subject in key["subjects"].values())
    answers = product.released[f"{KEY}.ipynb"].decode()
    assert not any(option in answers for option in key["feedback"]), "the notebook names no option at all"
    assert json.loads(product.released["test_1.json"]) == release_exam(bank)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            ('right = true\nfeedback = "Define-by-run', 'feedback = "Define-by-run'),
            'notebooks/01_sums.test_1.toml:11: item "eager", variant 1: exactly one option must be right, none is',
        ),
        (
            ('text = "Nothing before `backward()`."', 'text = ""'),
            'notebooks/01_sums.test_1.toml:39: item "eager", variant 2, option 3: text is missing or empty',
        ),
        (
            ('teaches = "01_sums#A story"', 'teaches = "01_sums#A tale"'),
            "notebooks/01_sums.test_1.toml:7: item \"eager\": teaches '01_sums#A tale': notebooks/01_sums.py has no heading "
            "'A tale'\n    mend: write one of: A story, Exercise 1",
        ),
        (
            ("docs/glossary.md#sum", "docs/nowhere.md"),
            "item \"zeroing\": teaches 'docs/nowhere.md': there is no docs/nowhere.md",
        ),
        (("09_later", "ninth"), "item \"zeroing\": teaches 'ninth': neither a lesson's key nor a page of docs/"),
        (('id = "test_1"', 'id = "test_2"'), "id is 'test_2', and the lesson calls it 'test_1'"),
        (("Why `zero_grad()`?", "Why {{fact:nothing}}?"), "no fact 'nothing' in data/facts.toml"),
        (("pass = 0.5", "pass = "), "notebooks/01_sums.test_1.toml:3: not valid TOML"),
    ],
)
def test_a_mistake_in_the_bank_is_told_with_its_line(tmp_path, edit, said):
    assert edit[0] in BANK
    assert said in told(tmp_path, BANK.replace(*edit))


def test_a_good_bank_has_no_problem(tmp_path):
    assert told(tmp_path) == ""


def test_a_test_without_a_file_a_body_and_an_unused_file_are_told(tmp_path):
    lesson = WITH_TEST.replace('exam="test_1" points=2', 'exam="test_3" points=2\ntest_3 = 1')
    said = told(tmp_path, lesson=lesson)
    assert "exam 'test_3' has no file of its own\n    mend: write notebooks/01_sums.test_3.toml" in said
    assert 'no cell of the lesson uses this file\n    mend: add a cell `# %% exam="test_1" points=5`' in said
    assert "the exam cell has a body, which the build would lose" in said
    assert "exam 'test_1' has no points" in told(tmp_path, lesson=WITH_TEST.replace('"test_1" points=2', '"test_1"'))
    check = '# %% check="test_1" part="mine" points=1\ncheck.that(test_1_answers, expected="a", got="b")\n\n# %% lab="lab_1"'
    assert "the build writes the check of exam 'test_1'" in told(
        tmp_path, lesson=WITH_TEST.replace('# %% lab="lab_1"', check)
    )


class Planted:
    """The release of a lesson with a test, to plant leaks in."""

    def __init__(self, root):
        self.source = read_source(course_with_test(root), KEY)
        self.bank = self.source.side["test_1"]
        self.data = release_exam(self.bank)
        self.key = key_of_exam(self.bank)

    def found(self):
        files = {"test_1.json": json.dumps(self.data, ensure_ascii=False).encode()}
        return [leak.origin for leak in leaks(self.source.notebook, {"test_1": self.bank}, files)]


@pytest.fixture
def planted(tmp_path):
    return Planted(tmp_path)


def test_an_honest_file_is_clean(planted):
    assert planted.found() == []
    assert len(secrets_of(planted.source.notebook, {"test_1": planted.bank})) > 15


def test_a_field_an_order_or_an_id_that_follows_the_key_is_found(planted):
    clean = copy.deepcopy(planted.data)
    options = planted.data["items"][0]["variants"][0]["options"]
    for option in options:
        option["weight"] = int(option["id"] in planted.key["right"])
    assert planted.found() == ["key of test_1"]
    planted.data = copy.deepcopy(clean)
    options = planted.data["items"][0]["variants"][0]["options"]
    options.sort(key=lambda option: option["id"] not in planted.key["right"])
    moved = options != clean["items"][0]["variants"][0]["options"]
    assert planted.found() == (["key of test_1"] if moved else [])
    for item in planted.data["items"]:
        for variant in item["variants"]:
            variant["options"].reverse()
    assert planted.found() == ["key of test_1"]


def test_feedback_and_a_list_of_right_options_are_found_wherever_they_stand(planted):
    planted.data["items"][0]["note"] = next(iter(planted.key["feedback"].values()))
    assert any(found.startswith("feedback of option") for found in planted.found())
    planted.data["items"][0]["note"] = ",".join(planted.key["right"])
    assert "right options in a row, test_1" in planted.found()


def test_the_other_bank_differs_in_every_secret(planted):
    other = key_of_exam(other_bank(planted.bank))
    assert not set(other["right"]) & set(planted.key["right"])
    assert not set(other["feedback"].values()) & set(planted.key["feedback"].values())


def test_a_private_bank_is_taken_in_place_of_the_courses(tmp_path, monkeypatch):
    course = course_with_test(tmp_path / "course")
    code = freshness.code_hash()
    before = freshness.inputs_hash(course, KEY, code)
    private = tmp_path / "private"
    private.mkdir()
    (private / f"{KEY}.test_1.toml").write_text(
        BANK.replace("Why `zero_grad()`?", "Why is it cleared?"), encoding="utf-8"
    )
    monkeypatch.setenv("MEASURE_FIRST_BANKS", str(private))
    texts = {
        v.text for item in Exam(release_exam(read_source(course, KEY).side["test_1"])).items for v in item.variants
    }
    assert "Why is it cleared?" in texts and "Why `zero_grad()`?" not in texts
    assert freshness.inputs_hash(course, KEY, code) != before
    monkeypatch.setenv("MEASURE_FIRST_BANKS", str(tmp_path / "nothing"))
    assert freshness.inputs_hash(course, KEY, code) == before


def test_a_lesson_renamed_makes_the_test_stale_because_its_feedback_names_it(tmp_path):
    code = freshness.code_hash()
    before = freshness.inputs_hash(course_with_test(tmp_path), KEY, code)
    text = (tmp_path / "course.toml").read_text().replace('title = "Sums"', 'title = "Totals"')
    (tmp_path / "course.toml").write_text(text)
    assert freshness.inputs_hash(make_course_again(tmp_path), KEY, code) != before
