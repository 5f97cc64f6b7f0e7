"""How a build writes: whole files or none, and beside another build."""

import errno
import json
import os
import time
from pathlib import Path

import pytest
from sample_lesson import KEY, make_course

from autograde.authoring import products


def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_half_written(tmp_path, monkeypatch):
    products.write_file(tmp_path / "a.json", b"old")

    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        products.write_file(tmp_path / "a.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"old"


def test_what_another_build_is_writing_stays_and_what_a_killed_one_left_goes(tmp_path):
    course = make_course(tmp_path)
    folder = course.release(KEY).parent
    folder.mkdir(parents=True)
    fresh, left, stray = folder / ".lab_1.json.77.part", folder / ".lab_1.json.78.part", folder / "old.json"
    for path in (fresh, left, stray):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 2 * products.LONGEST_WRITE,) * 2)
    files = {f"release/{KEY}/lab_1.json": b"{}", f"source/{KEY}/lab_1.json": b"{}"}
    products.write_product(course, products.Product(KEY, files, 25, 15.5, []))
    assert sorted(path.name for path in folder.iterdir()) == [fresh.name, "lab_1.json"]


def test_a_notebook_that_somebody_has_run_in_release_is_put_aside_before_it_is_written_over(tmp_path):
    course = make_course(tmp_path)
    product = products.build_lesson(course, KEY, None)
    assert products.write_product(course, product) == []
    path = course.release(KEY)
    for answer in ("first", "second"):
        worked_on = json.loads(path.read_text())
        worked_on["cells"][1] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": answer}]}
        path.write_text(json.dumps(worked_on))
        (path.parent / "notes.txt").write_text(answer)
        (aside, notes) = products.write_product(course, product)
        assert answer in aside.read_text() and notes.read_text() == answer
        assert path.read_bytes() == product.files[f"release/{KEY}/{KEY}.ipynb"]
    names = sorted(found.name for found in (course.root / "kept" / KEY).iterdir())
    assert names == [f"{KEY}-2.ipynb", f"{KEY}.ipynb", "notes-2.txt", "notes.txt"]


def test_an_older_build_in_release_is_nobodys_work(tmp_path):
    course = make_course(tmp_path)
    product = products.build_lesson(course, KEY, None)
    products.write_product(course, product)
    path = course.release(KEY)
    path.write_text(path.read_text().replace("sum", "total"))
    (path.parent / "quiz_9.json").write_text("{}")
    assert products.write_product(course, product) == []
    assert not (path.parent / "quiz_9.json").exists()
