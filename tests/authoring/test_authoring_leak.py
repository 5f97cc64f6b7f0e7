"""The leak check: the built release is clean, and every kind of leak put into it is found."""

import base64
import codecs
import copy
import json
import zlib

import pytest
from sample_lesson import KEY, LESSON, edited, make_course

from autograde.authoring.decoded import decoded_views
from autograde.authoring.leak import leaks, secrets_of
from autograde.authoring.source import read_source
from autograde.authoring.stub import BEGIN_HIDDEN, END_HIDDEN, regions, student_code, student_prose, without
from autograde.lesson import seal

FEEDBACK = "Right, a + b equals b + a for all whole numbers."


@pytest.fixture(autouse=True)
def quick_seals(monkeypatch):
    monkeypatch.setattr(seal, "ROUNDS", 1)
    seal._key.cache_clear()
    yield
    seal._key.cache_clear()


class Release:
    """The sample's release made in memory (the build's own way is tested end to end elsewhere)."""

    def __init__(self, tmp_path, lesson=LESSON):
        self.source = read_source(make_course(tmp_path, lesson), KEY)
        self.notebook = copy.deepcopy(self.source.notebook)
        for cell in self.notebook.cells:
            if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution:
                code = cell.cell_type == "code"
                cell.source = student_code(cell.source, cell.id) if code else student_prose(cell.source)
            cell.source = without(cell.source, regions(cell.source, BEGIN_HIDDEN, END_HIDDEN))
        self.files = {name: text.encode() for name, text in self.source.files().items()}

    def cell(self, name):
        return next(cell for cell in self.notebook.cells if cell.id == name)

    def leaks(self):
        files = {f"{KEY}.ipynb": json.dumps(self.notebook, ensure_ascii=False).encode(), **self.files}
        return [str(leak) for leak in leaks(self.source.notebook, self.source.side, files)]


@pytest.fixture
def release(tmp_path):
    return Release(tmp_path)


def test_an_honest_release_is_clean(release):
    assert release.leaks() == []
    assert len(secrets_of(release.source.notebook, release.source.side)) > 20


@pytest.mark.parametrize(
    ("cell", "line", "origin"),
    [
        ("double", "    return secret_total", "solution of double"),
        ("half", "one_half, one_third = 0.5, round(1 / 3, 4)", "solution of half"),
        ("check_double", "for hidden_number in (0, -1, 12345):", "hidden tests of check_double"),
        ("why_sums", "Because addition is a habit worth keeping for a lifetime.", "solution of why_sums"),
        ("quiz_1", 'quiz_1_answers = {"order": "b", "floats": "a"}', "solution of quiz_1"),
        ("lab_1", '    """It pays for itself in a week.""",', "solution of lab_1"),
    ],
)
def test_a_secret_line_in_a_cell_is_found(release, cell, line, origin):
    release.cell(cell).source += f"\n{line}"
    assert any(found.startswith(f"{KEY}.ipynb, cell {cell}: {origin}: ") for found in release.leaks())


def test_a_short_solution_line_is_found_as_a_whole_line_and_by_its_value_nowhere_else(tmp_path):
    lesson = edited("one_half, one_third = 0.5, round(1 / 3, 4)", "one_half = 0.5")
    lesson = lesson.replace("check.equal(one_half, 0.5)", "check.that(one_half > 0, expected='a', got='b')")
    release = Release(tmp_path, lesson)
    assert release.leaks() == []
    release.cell("half").source += "\none_half  =  0.5"
    assert release.leaks() == [f"{KEY}.ipynb, cell half: solution of half: 'one_half = 0.5'"]


def test_a_line_that_the_author_also_shows_is_no_leak(tmp_path):
    lesson = edited("number = 21\n", "x = 1\nsecret_total = x + x\n")
    release = Release(tmp_path, lesson)
    release.cell("double").source += "\n    secret_total = x + x"
    assert release.leaks() == []


def test_blanks_and_quotes_do_not_hide_a_secret(release):
    release.cell("half").source += "\none_half,one_third=0.5,round( 1/3 , 4 )"
    assert len(release.leaks()) >= 1
    other = release.cell("quiz_1")
    other.source += "\n# {'order':'b'}"
    assert any("key of quiz_1" in found for found in release.leaks())


def test_a_secret_in_an_output_or_in_metadata_is_found(release):
    release.cell("double").outputs = [{"output_type": "stream", "name": "stdout", "text": ["return secret_total\n"]}]
    release.cell("half").metadata["note"] = "one_half, one_third = 0.5, round(1 / 3, 4)"
    assert {found.split(": ")[0] for found in release.leaks()} == {
        f"{KEY}.ipynb, cell double",
        f"{KEY}.ipynb, cell half",
    }


DISGUISES = {
    "plain": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "zlib in base64": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
}


@pytest.mark.parametrize("how", DISGUISES)
@pytest.mark.parametrize("secret", [FEEDBACK, '{"order": "b", "floats": "a"}', "for hidden_number in (0, -1, 12345):"])
def test_a_disguised_secret_in_a_quiz_file_is_found(release, how, secret):
    data = json.loads(release.files["quiz_1.json"])
    data["note"] = DISGUISES[how](secret)
    release.files["quiz_1.json"] = json.dumps(data).encode()
    assert release.leaks()


def test_feedback_that_was_never_sealed_is_found(release):
    data = json.loads(release.files["quiz_1.json"])
    data["questions"][0]["options"][1]["feedback"] = FEEDBACK
    release.files["quiz_1.json"] = json.dumps(data).encode()
    assert "quiz_1.json: feedback of quiz_1, order b: " + repr(FEEDBACK) in release.leaks()


def test_a_rubric_and_a_model_answer_in_clear_are_found(release):
    data = json.loads(release.files["lab_1.json"])
    data["rubric"] = release.source.side["lab_1"]["rubric"]
    data["model"] = release.source.side["lab_1"]["recommendation_model"]
    release.files["lab_1.json"] = json.dumps(data).encode()
    found = " ".join(release.leaks())
    assert "rubric of lab_1, cost signals" in found and "model recommendation of lab_1" in found


@pytest.mark.parametrize(
    "mark",
    [
        lambda option, right: option.__setitem__("right", right),
        lambda option, right: option.__setitem__("n", 1 if right else 0),
        lambda option, right: option.__setitem__("feedback", "x" * (40 if right else 30)),
        lambda option, right: option.__setitem__("kind", "best") if right else None,
    ],
)
def test_an_entry_that_tells_the_right_option_from_the_others_is_found(release, mark):
    data = json.loads(release.files["quiz_1.json"])
    key = {"order": "b", "floats": "a"}
    for question in data["questions"]:
        for option in question["options"]:
            mark(option, option["letter"] == key[question["id"]])
    release.files["quiz_1.json"] = json.dumps(data).encode()
    assert any("is the same for every right option and no other" in found for found in release.leaks())


def test_views_reach_a_disguise_inside_a_disguise():
    inner = base64.b64encode(b"the secret sentence").decode()
    assert any(view == "the secret sentence" for _, view in decoded_views(f"x = '{inner.encode().hex()}'"))
