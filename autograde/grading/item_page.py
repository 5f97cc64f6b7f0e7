"""The item statistics as a page with pictures and as a table for a spreadsheet. Neither holds a name."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from autograde.course import Course
from autograde.grading.html_page import page, write_whole
from autograde.grading.item_analysis import Analysis, ItemReport, VariantReport
from autograde.grading.item_numbers import FEW, FEWEST, Figures, OptionCount
from autograde.grading.scores import safe
from autograde.markup import to_html

COLUMNS = (
    "test", "level", "item", "variant", "option", "key", "n", "right", "difficulty", "discrimination", "chosen",
    "share", "share_best_third", "share_weakest_third", "look_at", "text",
)  # fmt: skip
HEAD = """<header class="head"><p class="kicker">Items</p><h1>{title}</h1>
<p class="who">What the answers say about the questions. No names; keys and right answers are in it, so it is not for
students. <a href="{table}">The same as a table</a>.</p></header>"""


def write_html(path: Path, course: Course, key: str, analyses: Sequence[Analysis]) -> None:
    """The page, whole or not at all."""
    lesson = course.lesson(key)
    title = f"{lesson.number} · {lesson.title}: the questions"
    head = HEAD.format(title=escape(title), table=escape(f"{key}.csv"))
    write_whole(path, page(title, "items.css", [head, *(_analysis(one) for one in analyses), HOW]))


HOW = f"""<section class="how"><h2>How to read this</h2>
<dl>
<dt>difficulty</dt><dd>The share of students who are right; a blank counts as wrong. Large is easy. Between 30 and 90 % an
item tells most.</dd>
<dt>discrimination</dt><dd>The corrected point-biserial correlation: of being right here with the score on all
<em>other</em> items (Henrysson 1963). Above 0.2 is good; near 0 the item measures something else; below 0 suspect the key.
With n students its standard error is about 1/√n: ±0.18 for 30.</dd>
<dt>best and weakest third</dt><dd>Of those who had this variant, by their score on the other items. A good distractor takes
more of the weakest than of the best.</dd>
<dt>KR-20</dt><dd>k/(k−1) · (1 − Σ p(1−p)/σ²), with σ² the variance of the scores (Kuder and Richardson 1937); for items
that are right or wrong it is Cronbach’s alpha. In brackets Feldt’s 95 % interval (1965). It speaks of this test <em>in this
class</em>: where all know nearly everything it is low, and nothing is wrong. A test of fifteen items seldom passes 0.8.
Variants count as the same item here, which holds as far as they are equally hard.</dd>
<dt>few students</dt><dd>With fewer than {FEWEST} students, here or in one variant, nothing but counts and shares is shown.
Up to {FEW} take every figure as a hint of where to look, and no more.</dd>
</dl></section>"""


def _analysis(one: Analysis) -> str:
    if not one.whole.n:
        left = f"{one.left_out} submissions hold none that can be read." if one.left_out else ""
        return f"<section><h2>{escape(one.bank.title)}</h2><p>No answers yet. {left}</p></section>"
    body = [_tiles(one), _caution(one), _histogram(one), _overview(one)]
    body += [_item(one.bank.name, place, item) for place, item in enumerate(one.items, start=1)]
    return f"<section><h2>{escape(one.bank.title)}</h2>{''.join(body)}</section>"


def _tiles(one: Analysis) -> str:
    whole, needed = one.whole, one.bank.pass_count
    kr20 = "–" if whole.kr20 is None else f"{whole.kr20:.2f}"
    span = f" [{whole.interval[0]:.2f}, {whole.interval[1]:.2f}]" if whole.interval else ""
    tiles = [(str(whole.n), "students"), (f"{whole.mean:.1f} of {whole.items}", f"on average, spread {whole.spread:.1f}")]
    if needed is not None:
        passed = sum(score >= needed for score in one.scores) / whole.n
        tiles.append((f"{passed:.0%}", f"passed with {needed} or more"))
    tiles.append((f"{kr20}{span}", "KR-20"))
    items = "".join(f"<li><strong>{escape(figure)}</strong> {escape(what)}</li>" for figure, what in tiles)
    return f'<ul class="tiles">{items}</ul>'


def _caution(one: Analysis) -> str:
    n = one.whole.n
    told = []
    if n < FEWEST:
        told.append(f"{n} students are too few for correlations and reliability ({FEWEST} are needed): shares only.")
    elif n < FEW:
        told.append(f"{n} students are few: take the figures as hints. Look at the interval of KR-20 before you quote it.")
    if one.left_out:
        told.append(f"{one.left_out} submissions hold no answers that can be counted; they are left out.")
    return f'<p class="caution">{" ".join(told)}</p>' if told else ""


def _histogram(one: Analysis) -> str:
    """Scores as bars; what passes in another colour and behind a line."""
    counts, most = Counter(one.scores), one.whole.items
    needed, width, height = one.bank.pass_count, 40, 150
    top = max(counts.values())
    bars = []
    for score in range(most + 1):
        tall = height * counts[score] / top
        x, y = 10 + score * width, 20 + height - tall
        kind = "pass" if needed is not None and score >= needed else "below"
        bars.append(f'<rect class="{kind}" x="{x + 3}" y="{y:.1f}" width="{width - 6}" height="{tall:.1f}"/>')
        bars.append(f'<text x="{x + width / 2}" y="{height + 36}">{score}</text>')
        if counts[score]:
            bars.append(f'<text x="{x + width / 2}" y="{y - 4:.1f}">{counts[score]}</text>')
    line = ""
    if needed is not None:
        x = 10 + needed * width
        line = f'<line x1="{x}" y1="8" x2="{x}" y2="{height + 20}"/><text class="left" x="{x + 4}" y="16">passes</text>'
    said = ", ".join(f"{counts[score]} with {score}" for score in sorted(counts))
    size = f'viewBox="0 0 {20 + (most + 1) * width} {height + 44}"'
    alt = escape(f"How many students have how many items right: {said}.")
    return (
        f'<figure><svg class="histogram" {size} role="img" aria-label="{alt}">{"".join(bars)}{line}</svg>'
        "<figcaption>Students by the number of items that they have right</figcaption></figure>"
    )


def _overview(one: Analysis) -> str:
    """All items in one table: a bar for the difficulty, a mark on a line for the discrimination."""
    rows = []
    for place, item in enumerate(one.items, start=1):
        odd = len(item.odd) + sum(len(variant.odd) for variant in item.variants)
        rows.append(
            f'<tr><th scope="row"><a href="#{escape(one.bank.name)}-{place}">{place} · {escape(item.item)}</a></th>'
            f"<td>{_bar(item.figures.difficulty)}</td><td>{_mark(item.figures.discrimination)}</td>"
            f'<td class="looks">{odd or ""}</td></tr>'
        )
    head = "<tr><th>item</th><th>difficulty (share right)</th><th>discrimination (−1 to 1)</th><th>to look at</th></tr>"
    return f'<table class="overview"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def _bar(share: float | None, kind: str = "") -> str:
    if share is None:
        return '<span class="none">–</span>'
    told = f"{share:.0%}"
    return (
        f'<span class="bar-of {kind}" aria-hidden="true"><span style="width:{100 * share:.1f}%"></span></span>'
        f'<span class="figure">{told}</span>'
    )


def _mark(value: float | None) -> str:
    if value is None:
        return '<span class="none">–</span>'
    where = 50 + 50 * max(-1.0, min(1.0, value))
    kind = "bad" if value < 0 else "weak" if value < 0.2 else "good"
    return (
        f'<span class="line-of {kind}" aria-hidden="true"><span style="left:{where:.1f}%"></span></span>'
        f'<span class="figure">{value:+.2f}</span>'
    )


def _figures(found: Figures) -> str:
    share = "–" if found.difficulty is None else f"{found.difficulty:.0%}"
    telling = "not shown" if found.discrimination is None else f"{found.discrimination:+.2f}"
    return f"{found.right} of {found.n} right ({share}), discrimination {telling}"


def _odd(told: Sequence[str]) -> str:
    return f'<ul class="odd">{"".join(f"<li>{to_html(sentence)}</li>" for sentence in told)}</ul>' if told else ""


def _item(test: str, place: int, item: ItemReport) -> str:
    subject = f'<p class="subject">{to_html(item.subject)}</p>' if item.subject else ""
    many = len(item.variants) > 1
    variants = "".join(_variant(number if many else 0, one) for number, one in enumerate(item.variants, start=1))
    name = escape(item.item)
    return (
        f'<article class="item"><h3 id="{escape(test)}-{place}">{place} · {name}</h3>{subject}'
        f'<p class="figures">{_figures(item.figures)}</p>{_odd(item.odd)}{variants}</article>'
    )


def _variant(number: int, one: VariantReport) -> str:
    head = f'<h4>Variant {number} <small>{_figures(one.figures)}</small></h4>' if number else ""
    rows = "".join(_option(one, count) for count in one.options)
    blank = f'<tr><td class="key"></td><td class="none">no answer that counts</td><td>{one.blank}</td></tr>' if one.blank else ""
    columns = "<tr><th></th><th>option</th><th>chosen</th><th>best third</th><th>weakest third</th></tr>"
    table = f'<table class="options"><thead>{columns}</thead><tbody>{rows}{blank}</tbody></table>'
    return f'<div class="variant">{head}<p class="asked">{to_html(one.asked.text)}</p>{_odd(one.odd)}{table}</div>'


def _option(one: VariantReport, count: OptionCount) -> str:
    key = '<span title="the key">✓ key</span>' if count.key else ""
    kind = "key" if count.key else "wrong"
    return (
        f'<tr class="{kind}"><td class="key">{key}</td><td>{to_html(one.asked.options[count.option])}</td>'
        f'<td>{_bar(count.share, kind)} <small>{count.count}</small></td>'
        f"<td>{_bar(count.best, kind)}</td><td>{_bar(count.weakest, kind)}</td></tr>"
    )


def write_csv(path: Path, analyses: Sequence[Analysis]) -> None:
    """A row for the test, each item, each variant, each option."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for one in analyses:
            for row in _rows(one):
                writer.writerow({name: safe(v) if isinstance(v, str) else v for name, v in row.items()})
    os.replace(part, path)


def _rows(one: Analysis) -> Iterator[dict[str, object]]:
    test = {"test": one.bank.name}
    reliability = "" if one.whole.kr20 is None else f"KR-20 {one.whole.kr20:.4f}"
    yield {**test, "level": "test", "n": one.whole.n, "look_at": reliability, "text": one.bank.title}
    for item in one.items:
        yield {**test, "level": "item", "item": item.item, **_numbers(item.figures, item.odd), "text": item.subject}
        for variant in item.variants:
            own = {**test, "item": item.item, "variant": variant.variant}
            yield {**own, "level": "variant", **_numbers(variant.figures, variant.odd), "text": variant.asked.text}
            for count in variant.options:
                yield {
                    **own,
                    "level": "option",
                    "option": count.option,
                    "key": int(count.key),
                    "n": variant.figures.n,
                    "chosen": count.count,
                    "share": _rounded(count.share),
                    "share_best_third": _rounded(count.best),
                    "share_weakest_third": _rounded(count.weakest),
                    "text": variant.asked.options[count.option],
                }


def _numbers(found: Figures, odd: Sequence[str]) -> dict[str, object]:
    return {
        "n": found.n,
        "right": found.right,
        "difficulty": _rounded(found.difficulty),
        "discrimination": _rounded(found.discrimination),
        "look_at": " ".join(odd),
    }


def _rounded(value: float | None) -> object:
    return "" if value is None else round(value, 4)
