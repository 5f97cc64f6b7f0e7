"""How a build writes: whole files or none, and beside another build."""

import errno
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
