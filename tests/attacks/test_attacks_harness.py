"""The attacks' own tools: every file is in form, and each kind of success is one that the harness can see."""

import json
import socket
import subprocess
import sys
import time
from secrets import token_hex

import pytest
from attack_text import FLAGS, HERE, attack_files, read_attack, wrong_answers
from browser import OWNED, chromium, findings_in
from evidence import differences, fingerprints, formulas, loot, without_tests
from secrets_planted import WORD, Listener, secret
from victim_course import REPOSITORY

ATTACKS = [read_attack(path) for path in attack_files()]
OUTCOMES = {"refused", "passed", "partly", "failed", "not_attempted", "timeout"}
OUTCOMES |= {"out_of_memory", "crashed", "skipped", "tampered"}


def test_there_are_many_attacks_and_each_says_what_it_tries():
    assert len(ATTACKS) >= 70
    assert len({attack.tries for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.cells for attack in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_expects_known_outcomes_and_no_pass(attack):
    expected = {outcome for outcomes in attack.must.values() for outcome in outcomes}
    assert expected <= OUTCOMES
    assert attack.flags <= set(FLAGS)
    assert "grader_error" not in expected
    if attack.must.get("*"):
        assert "passed" not in attack.must["*"]


def test_numbers_and_students_are_there_once():
    assert len({attack.name.split("_")[0] for attack in ATTACKS}) == len(ATTACKS)
    assert len({attack.student for attack in ATTACKS}) == len(ATTACKS)


def test_the_docs_table_has_a_row_for_every_attack():
    page = (REPOSITORY / "docs" / "attacks.md").read_text(encoding="utf-8")
    missing = [attack.name for attack in ATTACKS if f"| {attack.name} |" not in page]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# tries: x\n# must: *=failed\n", "it needs tries, must and gains: 0 (missing: ['gains'])"),
        ("# tries: x\n# must: *=failed\n# gains: 1\n", "it needs tries, must and gains: 0 (missing: [])"),
        ("# tries: x\n# must: sizes=failed\n# gains: 0\n", "say what the other checks come to, *=not_attempted"),
        ("# tries: x\n# must: *=failed\n# gains: 0\n# flags: loud\n", "unknown flags ['loud']"),
        ("# tries: x\n# must: *=failed\n# gains: 0\nx = 1\n", "'x = 1' is no header"),
        ("# tries: x\n# must: *=failed\n# gains: 0\n# %% exercise=sizes\n", "'# %% exercise=sizes' is no cell"),
    ],
)
def test_a_file_out_of_form_is_refused(tmp_path, text, said):
    path = tmp_path / "200_x.py"
    path.write_text(text)
    with pytest.raises(ValueError) as error:
        read_attack(path)
    assert str(error.value) == f"200_x.py: {said}"


def test_every_exercise_of_the_victim_has_a_wrong_answer():
    text = (HERE / "victim" / "notebooks" / "01_victim.py").read_text(encoding="utf-8")
    exercises = {line.split('"')[1] for line in text.splitlines() if line.startswith('# %% exercise="')}
    assert set(wrong_answers()) == exercises | {"quiz_1"}


@pytest.mark.parametrize(
    "written",
    [
        lambda found: found,
        lambda found: found[::-1],
        lambda found: found.encode().hex(),
        lambda found: f"x{found}".encode().hex(),
    ],
    ids=["plain", "backwards", "hex", "hex of a longer text"],
)
def test_a_secret_in_a_product_is_seen_however_it_is_written(written):
    found = secret("somewhere", "abc")
    assert loot({"page": f"before {written(found)} after".encode()})
    assert not loot({"page": f"the word {WORD} alone is no secret".encode()})


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_secret_in_base64_is_seen_at_every_offset(before):
    import base64

    assert loot({"page": base64.b64encode(f"{before}{secret('somewhere', 'abc')}".encode())})


def test_hidden_tests_in_a_check_are_no_secret_and_in_its_outputs_they_are():
    word = secret("hidden-test", "abc")
    cell = {"metadata": {"measure_first": {"kind": "check"}}, "source": word, "outputs": []}
    assert not loot({"nb": without_tests(json.dumps({"cells": [cell]}).encode())})
    cell["outputs"] = [{"output_type": "stream", "text": word}]
    assert loot({"nb": without_tests(json.dumps({"cells": [cell]}).encode())})
    cell |= {"outputs": [], "metadata": {"measure_first": {"kind": "own"}}}
    assert loot({"nb": without_tests(json.dumps({"cells": [cell]}).encode())})


def test_who_reaches_a_listener_is_noted(tmp_path):
    with Listener(token_hex(6), tmp_path).listening() as listener:
        socket.create_connection(("127.0.0.1", listener.port)).sendall(b"over TCP")
        with socket.socket(socket.AF_UNIX) as line:
            line.connect("\0" + listener.abstract)
            line.sendall(b"by name")
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(listener.path))
            line.sendall(b"by path")
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"a datagram", ("127.0.0.1", listener.port))
        until = time.monotonic() + 5
        while len(listener.contacts) < 4 and time.monotonic() < until:
            time.sleep(0.02)
    assert sorted(listener.contacts) == [
        "TCP: b'over TCP'",
        "UDP: b'a datagram'",
        "abstract unix: b'by name'",
        "unix: b'by path'",
    ]


def warden(tmp_path, *command):
    report = tmp_path / "report.json"
    subprocess.run([sys.executable, HERE / "warden.py", report, "20", *command], check=True)
    return json.loads(report.read_text())


def test_a_daemon_that_outlives_the_batch_is_seen_and_ended(tmp_path):
    said = warden(tmp_path, "sh", "-c", "(setsid sh -c 'setsid sleep 77 & exit' & exit) & sleep 0.5; exit 3")
    assert said["status"] == 3
    assert said["left"] == ["sleep 77 "]


def test_a_batch_that_leaves_nothing_is_seen_as_such(tmp_path):
    assert warden(tmp_path, "true")["left"] == []


def test_what_another_student_loses_is_seen():
    alone = {"rows": [("check_a", 2.0)], "nb": {"cells": [{"source": "x"}]}}
    among = {"rows": [("check_a", 1.0)], "nb": {"cells": [{"source": "y"}]}, "more": 1}
    assert [found.split(":")[0] for found in differences(alone, among)] == ["/rows/0", "/nb/cells/0/source", "/more"]
    assert differences(alone, alone) == []


def test_a_changed_file_is_seen(tmp_path):
    (tmp_path / "a.txt").write_text("1")
    before = fingerprints(tmp_path)
    (tmp_path / "a.txt").write_text("2")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert len(differences(before, fingerprints(tmp_path))) == 2


def test_formulas_in_a_table_are_seen_and_numbers_are_none():
    assert formulas('name,score\n=1+1,-2.5\n"\'=1+1",+3\n'.encode("utf-8-sig")) == ["=1+1"]


@pytest.mark.skipif(chromium() is None, reason="no Chromium here to open pages in")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<script>document.title='{OWNED}'</script>", ["the page ran a student's script"]),
        (f"<img src='http://evil.example/{OWNED}.png'>", ["the page asked the network"]),
        ("<p>nothing</p>", []),
    ],
)
def test_a_page_that_runs_a_script_or_asks_the_network_is_seen(tmp_path, body, expected):
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><title>x</title><body>{body}</body>", encoding="utf-8")
    with Listener(token_hex(6), tmp_path).listening() as listener:
        found = findings_in(page, "the page", listener)
    assert [what.split(": ")[0] for what in found] == expected
