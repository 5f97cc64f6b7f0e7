"""A part of the attacks against the grader as it is, and a handful against one that has no wall (they must succeed).

All of them: make attacks.
"""

import pytest
from attack_class import arena, attack_class, grade_alone
from browser import page_findings
from run_attacks import chosen
from victim_course import KEY

from autograde.wall.ability import ability

WITHOUT = ability().mode == "none"
NAIVE = ("01_", "08_")  # gain points where checks share the student's process, whatever the clock does
SANDBOX = ["--isolation", "sandbox"]
LEAKING = ("35_", "83_")  # show a secret there, or reach the listener

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A built victim and a listener."""
    with arena(tmp_path_factory.mktemp("attacks")) as (built, listener):
        yield built, listener


@pytest.fixture(scope="module")
def alone(ground, tmp_path_factory):
    """The honest students by themselves."""
    return grade_alone(ground[0], tmp_path_factory.mktemp("alone") / "class", SANDBOX)


@pytest.mark.skipif(WITHOUT, reason="no sandbox here: `autograde sandbox` says what to install")
def test_no_attack_gains_reads_reaches_leaves_or_costs_anything(ground, alone, tmp_path):
    built, listener = ground
    attacks = chosen([], built.words(listener.port, listener.abstract), "quick")
    batch = attack_class(built, tmp_path / "class", listener, attacks, alone, SANDBOX)
    pages, _ = page_findings(batch.place, [a.student for a in attacks if "page" in a.flags], listener, KEY)
    assert batch.findings + pages == []
    assert sum(batch.points(attack) for attack in attacks) <= 0


def test_attacks_on_checks_in_the_students_own_process_succeed_and_are_seen(ground, tmp_path):
    built, listener = ground
    words = built.words(listener.port, listener.abstract)
    kernel = ["--isolation", "kernel"]
    honest = grade_alone(built, tmp_path / "alone", kernel)
    batch = attack_class(built, tmp_path / "class", listener, chosen([*NAIVE, *LEAKING], words), honest, kernel)
    gained = {attack.name: batch.points(attack) for attack in batch.attacks}
    assert all(points > 0 for name, points in gained.items() if name.startswith(NAIVE)), gained
    seen = "\n".join(batch.findings)
    for what in ("01_input_transformer: gained", "35_read_environment: autograded/01_victim", "contact: TCP"):
        assert what in seen
