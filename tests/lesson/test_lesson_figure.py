"""lesson.show: a picture, its alternative text wherever a reader may meet it, and a style for every eye."""

from __future__ import annotations

import base64
import io
import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograde import lesson
from autograde.lesson import figure, place

ALT = 'A line falls from 2.3 to 0.1 over 40 epochs; the "plateau" is at 0.1 < 0.2.'


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict, dict]]:
    """What would be shown, in place of a notebook."""
    shown: list[tuple[dict, dict]] = []
    monkeypatch.setattr(place, "shell", lambda: object())
    monkeypatch.setattr(place, "publish", lambda data, metadata: shown.append((data, metadata)))
    return shown


def a_figure():
    matplotlib.use("Agg")
    fig, axes = plt.subplots()
    axes.plot([2.3, 0.1])
    return fig


def test_a_figure_is_sent_as_png_with_its_text_in_three_places_and_closed(sent) -> None:
    fig = a_figure()
    lesson.show(fig, alt=ALT)
    [(data, metadata)] = sent
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == ALT
    assert metadata == {"image/png": {"alt": ALT}}
    assert 'epochs; the &quot;plateau&quot; is at 0.1 &lt; 0.2."' in data["text/html"]
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_the_text_is_the_images_alt_in_exported_html(sent, template: str) -> None:
    lesson.show(a_figure(), alt=ALT)
    [(data, metadata)] = sent
    notebook = new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", data, metadata=metadata)])])
    page, _ = HTMLExporter(template_name=template).from_notebook_node(nbformat.from_dict(notebook))
    assert [image["alt"] for image in BeautifulSoup(page, "html.parser").find_all("img")] == [ALT]


def test_a_picture_without_the_html_image_loses_its_text_in_the_default_template(sent) -> None:
    """Why show() sends an HTML image as well: should this fail one day, that can go."""
    lesson.show(a_figure(), alt=ALT)
    [(data, metadata)] = sent
    del data["text/html"]
    notebook = new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", data, metadata=metadata)])])
    page, _ = HTMLExporter(template_name="lab").from_notebook_node(nbformat.from_dict(notebook))
    assert "No description has been provided" in page


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_a_figure_without_a_text_is_refused(alt) -> None:
    with pytest.raises(lesson.LessonError, match='^lesson.show needs alt="what the picture shows'):
        lesson.show(a_figure(), alt=alt)


def test_without_a_notebook_the_figure_is_only_closed(capsys) -> None:
    fig = a_figure()
    lesson.show(fig, alt=ALT)
    assert capsys.readouterr().out == ""
    assert not plt.fignum_exists(fig.number)


def test_a_line_of_text_in_several_lines_becomes_one(sent) -> None:
    lesson.show(a_figure(), alt="two\n    lines")
    assert sent[0][0]["text/plain"] == "two lines"


def test_a_plain_picture_is_small(sent) -> None:
    lesson.show(a_figure(), alt=ALT)
    assert len(base64.b64decode(sent[0][0]["image/png"])) < 60_000


def test_the_same_figure_gives_the_same_bytes(sent) -> None:
    lesson.show(a_figure(), alt=ALT)
    lesson.show(a_figure(), alt=ALT)
    assert sent[0] == sent[1]


def test_start_sets_the_style_before_the_first_figure() -> None:
    code = (
        "from autograde import lesson; lesson.start('cpu'); import matplotlib as m;"
        "import sys; print(m.rcParams['axes.prop_cycle'].by_key()['color'][0], 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "#0072B2 False\n"


def brightness(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2), 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_first_four_colours_stand_out_from_white_and_from_each_other_in_grey() -> None:
    first = figure.PALETTE[:4]
    assert all((1 + 0.05) / (brightness(colour) + 0.05) > 2.5 for colour in first)
    assert len({round(brightness(colour), 2) for colour in first}) == 4
    assert len(set(figure.PALETTE)) == 7


def test_every_curve_has_its_own_dash_as_well_as_its_own_colour() -> None:
    figure.apply_style()
    styles = matplotlib.rcParams["axes.prop_cycle"].by_key()["linestyle"]
    assert len({str(style) for style in styles}) == len(styles) == 7


def test_the_png_says_nothing_of_the_program_that_drew_it(sent) -> None:
    from PIL import Image

    lesson.show(a_figure(), alt=ALT)
    assert "Software" not in Image.open(io.BytesIO(base64.b64decode(sent[0][0]["image/png"]))).info
