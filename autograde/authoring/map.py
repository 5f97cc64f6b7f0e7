"""The course map for the README: the lessons in order and what each stands on, drawn as SVG from course.toml."""

from __future__ import annotations

import html
import re

from autograde.course import Course, Lesson

PATH = "docs/pictures/map.svg"
ACROSS, WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 4, 236, 84, 44, 56, 20


def numbers_needed(lesson: Lesson) -> set[int]:
    """The lessons that `needs` names: "Lessons 01 to 03" → {1, 2, 3}, "Lessons 01 and 04" → {1, 4}."""
    found: set[int] = set()
    for text in lesson.needs:
        if re.match(r"Lessons?\b", text):
            for first, last in re.findall(r"\b(\d\d)(?: to (\d\d))?\b", text):
                found |= set(range(int(first), int(last or first) + 1))
    return found


def arrows(course: Course) -> list[tuple[int, int]]:
    """What stands directly on what, as positions in the course; what follows from other arrows is left out."""
    at = {int(lesson.number): place for place, lesson in enumerate(course.lessons) if lesson.number.isdigit()}
    below: dict[int, set[int]] = {}
    for place, lesson in enumerate(course.lessons):
        below[place] = {at[number] for number in numbers_needed(lesson) if at.get(number, place) < place}
    whole: dict[int, set[int]] = {}
    for place, direct in below.items():  # in the course's order, so what lies below is known by now
        whole[place] = direct.union(*(whole[other] for other in direct))
    return [(a, b) for b, direct in below.items() for a in sorted(direct) if not any(a in whole[o] for o in direct)]


def corner(place: int) -> tuple[int, int]:
    """The upper left corner of a lesson's box."""
    row, column = divmod(place, ACROSS)
    return EDGE + column * (WIDTH + GAP_X), EDGE + row * (HEIGHT + GAP_Y)


def arrow(a: int, b: int) -> str:
    """The line from one box to the other: straight to the neighbour, else down through the gaps."""
    (ax, ay), (bx, by) = corner(a), corner(b)
    if ay == by and b == a + 1:
        path = f"M{ax + WIDTH} {ay + HEIGHT // 2}H{bx - 2}"
    elif ay == by:  # over the boxes between them
        x, end, high = ax + WIDTH // 2, bx + WIDTH // 2, ay - 30
        path = f"M{x} {ay}C{x} {high} {end} {high} {end} {by - 2}"
    else:
        x, y, half = ax + WIDTH // 2, ay + HEIGHT, GAP_Y // 2
        path = f"M{x} {y}V{y + half}H{bx + WIDTH // 2}V{by - 2}"
    return f'<path d="{path}" fill="none" stroke="#5b6b7f" stroke-width="2" marker-end="url(#tip)"/>'


def box(lesson: Lesson, place: int) -> str:
    """A lesson: number and title, subtitle, minutes. A long title is set narrower, never cut."""
    x, y = corner(place)
    title, subtitle = f"{lesson.number}  {lesson.title}", lesson.subtitle
    lines = [(title, 28, 17, "bold", "#10243e"), (subtitle, 50, 14, "normal", "#33475f")]
    lines.append((f"{lesson.minutes} min", 72, 13, "normal", "#4f6075"))
    told = "".join(
        f'<text x="{x + 14}" y="{y + down}" font-size="{size}" font-weight="{weight}" fill="{ink}"'
        + (
            f' textLength="{WIDTH - 28}" lengthAdjust="spacingAndGlyphs"'
            if len(text) * size * 0.53 > WIDTH - 28
            else ""
        )
        + f">{html.escape(text)}</text>"
        for text, down, size, weight, ink in lines
    )
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#eaf1fa" stroke="#2f6db5"/>{told}'


def picture(course: Course) -> str:
    """The map as SVG text, the same to the byte for the same course.toml."""
    rows = -(-len(course.lessons) // ACROSS)
    width = 2 * EDGE + ACROSS * WIDTH + (ACROSS - 1) * GAP_X
    height = 2 * EDGE + rows * HEIGHT + (rows - 1) * GAP_Y
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" role="img">',
        f"<title>{html.escape(course.name)}: the lessons, and what each stands on</title>",
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#5b6b7f"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(arrow(a, b) for a, b in arrows(course)),
        *(box(lesson, place) for place, lesson in enumerate(course.lessons)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
