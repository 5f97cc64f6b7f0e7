"""The first code cell of every lesson: how it finds or fetches setup_colab.py."""

import http.server
import sys
import threading
from pathlib import Path

import pytest
from sample_lesson import COURSE, make_course

from autograde.authoring.header import first_cells

FILE = 'ran = []\n\ndef setup(lesson):\n    ran.append(lesson)\n    print("set up", lesson, "from", __file__)\n'


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty working folder, as on a platform; nothing of ours importable."""
    folder = tmp_path / "work" / "deep"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.path", [entry for entry in sys.path if not Path(entry, "setup_colab.py").exists()])
    monkeypatch.delitem(sys.modules, "setup_colab", raising=False)
    yield folder
    sys.modules.pop("setup_colab", None)


@pytest.fixture
def host(tmp_path):
    """A local stand-in for the repository's host; `.pages` holds what it serves, `.asked` what was asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        pages: dict[str, bytes] = {}
        asked: list[str] = []

        def do_GET(self):
            self.asked.append(self.path)
            found = self.pages.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.pages, Handler.asked, Handler.at = {}, [], f"http://127.0.0.1:{server.server_port}/"
    yield Handler
    server.shutdown()
    server.server_close()


def cell(tmp_path, host="http://127.0.0.1:9/", kaggle="/nowhere"):
    course = make_course(tmp_path / "course")
    source = first_cells(course, course.lessons[0], 5)[1].source
    assert "https://raw.githubusercontent.com/ada/sums/v1/setup_colab.py" in source
    return source.replace("https://raw.githubusercontent.com/", host).replace("/kaggle/input", str(kaggle))


def test_it_is_the_same_in_every_lesson_but_for_the_name_and_fits_on_a_screen(tmp_path):
    other = COURSE[COURSE.index("[[lesson]]") :].replace("01_sums", "02_more")
    course = make_course(tmp_path, course=f"{COURSE}\n{other}")
    one, two = (first_cells(course, lesson, 5)[1].source for lesson in course.lessons)
    assert len(one.splitlines()) <= 22 and one != two and one.replace("01_sums", "02_more") == two


def test_a_file_beside_the_notebook_or_in_the_checkout_above_it_is_used_without_a_network(tmp_path, place, capsys):
    (place.parent / "setup_colab.py").write_text(FILE)
    exec(cell(tmp_path), {})
    assert capsys.readouterr().out == f"set up 01_sums from {place.parent / 'setup_colab.py'}\n"


def test_a_file_in_an_attached_data_set_is_used(tmp_path, place, capsys):
    (tmp_path / "input" / "course" / "v1").mkdir(parents=True)
    (tmp_path / "input" / "course" / "v1" / "setup_colab.py").write_text(FILE)
    exec(cell(tmp_path, kaggle=tmp_path / "input"), {})
    assert "input/course/v1/setup_colab.py" in capsys.readouterr().out


def test_else_it_is_downloaded_once_and_runs_again_without_asking(tmp_path, place, host, capsys):
    host.pages["/ada/sums/v1/setup_colab.py"] = FILE.encode()
    source = cell(tmp_path, host.at)
    exec(source, {})
    exec(source, {})
    assert host.asked == ["/ada/sums/v1/setup_colab.py"]
    assert [path.name for path in place.iterdir() if path.is_file()] == ["setup_colab.py"]
    assert capsys.readouterr().out.count("set up 01_sums") == 2


def test_half_a_file_left_by_an_interruption_is_not_taken_for_the_whole(tmp_path, place, host):
    (place / "setup_colab.99.part").write_text("def set")
    host.pages["/ada/sums/v1/setup_colab.py"] = FILE.encode()
    exec(cell(tmp_path, host.at), {})
    assert (place / "setup_colab.py").read_text() == FILE


def test_without_a_network_the_message_says_what_to_do(tmp_path, place):
    with pytest.raises(RuntimeError) as caught:
        exec(cell(tmp_path), {})
    told = str(caught.value)
    assert told.startswith("setup_colab.py is not here and cannot be downloaded: ")
    assert told.endswith("Is the internet on? (Kaggle: Settings, Internet)")
    assert caught.value.__suppress_context__ and list(place.iterdir()) == []


def test_a_login_page_in_place_of_the_file_is_not_kept(tmp_path, place, host):
    host.pages["/ada/sums/v1/setup_colab.py"] = b"<html>Please log in</html>"
    with pytest.raises(RuntimeError, match="cannot be downloaded: got another page"):
        exec(cell(tmp_path, host.at), {})
    assert list(place.iterdir()) == []


def test_a_disk_that_cannot_be_written_gives_the_same_clear_message(tmp_path, place, host, monkeypatch):
    host.pages["/ada/sums/v1/setup_colab.py"] = FILE.encode()
    source = cell(tmp_path, host.at)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RuntimeError, match="cannot be downloaded: .*No space left on device"):
        exec(source, {})
