"""Links, pictures, facts and the glossary; the last tests look at this repository's own pages."""

from pathlib import Path

import pytest
from sample_lesson import FACTS, make_course

from autograde.authoring.course_rules import course_problems, glossary_problems, read_glossary
from autograde.authoring.facts import read_facts, used_facts, with_facts
from autograde.authoring.links import links_in, slug, unresolved, with_absolute_links
from autograde.course import load_course

ROOT = Path(__file__).parents[2]
TEXT = """\
[a](docs/x.md#y) `[no](nope)` ![](p.png) [![alt](b.png)](docs/z.md) <img src="q.png" alt="two curves"> <a href='k.md'>
```
[f](g)
```
[ref]: docs/r.md "title"
[x](https://example.org) and [`code`](docs/c.md)
"""


def test_links_and_pictures_are_found_outside_code():
    found = [(link.line, link.target, link.alt if link.picture else None) for link in links_in(TEXT)]
    assert sorted(found, key=str) == sorted(
        [
            (0, "p.png", ""),
            (0, "b.png", "alt"),
            (0, "q.png", "two curves"),
            (0, "docs/x.md#y", None),
            (0, "docs/z.md", None),
            (0, "k.md", None),
            (4, "docs/r.md", None),
            (5, "https://example.org", None),
            (5, "docs/c.md", None),
        ],
        key=str,
    )


def test_relative_links_become_absolute_pages_for_links_and_files_for_pictures():
    assert with_absolute_links(TEXT, "PAGE/{}".format, "FILE/{}".format) == (
        "[a](PAGE/docs/x.md#y) `[no](nope)` ![](FILE/p.png) [![alt](FILE/b.png)](PAGE/docs/z.md) "
        '<img src="FILE/q.png" alt="two curves"> <a href=\'PAGE/k.md\'>\n'
        '```\n[f](g)\n```\n[ref]: PAGE/docs/r.md "title"\n'
        "[x](https://example.org) and [`code`](PAGE/docs/c.md)\n"
    )


BROKEN = """\
Words, then [a term of
two lines](docs/x.md#y), ![a picture
of two](p.png) and [words](
docs/z.md "title").
"""


def test_a_link_broken_over_two_lines_is_found_at_its_first():
    found = [(link.line, link.target) for link in links_in(BROKEN)]
    assert sorted(found) == [(0, "docs/x.md#y"), (1, "p.png"), (2, "docs/z.md")]


def test_a_link_broken_over_two_lines_becomes_absolute():
    assert with_absolute_links(BROKEN, "PAGE/{}".format, "FILE/{}".format) == (
        "Words, then [a term of\ntwo lines](PAGE/docs/x.md#y), ![a picture\nof two](FILE/p.png) and [words](\n"
        'PAGE/docs/z.md "title").\n'
    )


@pytest.mark.parametrize("begins", ["\n", "- ", "2. ", "| ", "## ", "```\n```\n"])
def test_no_link_reaches_into_the_next_paragraph_item_row_or_heading(begins):
    text = f"- [a term of\n{begins}two lines](docs/x.md)\n"
    assert list(links_in(text)) == [] and with_absolute_links(text, "PAGE/{}".format, str) == text


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("A & B: `c_d`", "a--b-c_d"),
        ("Exercise 4.2 · Four", "exercise-42--four"),
        ("What's *new*?", "whats-new"),
        ("[Link](x.md) here", "link-here"),
    ],
)
def test_a_heading_has_githubs_anchor(heading, anchor):
    assert slug(heading) == anchor


def test_what_resolves_and_what_does_not(tmp_path):
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text('# Top\n## Same\n## Same\n```\n# no heading\n```\n<a id="own"></a>\n')
    good = ["docs/page.md", "docs/page.md#top", "docs/page.md#same-1", "docs/page.md#own", "/docs/page.md", "docs"]
    assert [unresolved(tmp_path, ".", link) for link in [*good, "https://example.org/x"]] == [""] * 7
    assert unresolved(tmp_path, "docs", "page.md#top") == ""
    assert unresolved(tmp_path, ".", "docs/other.md") == "there is no docs/other.md"
    assert unresolved(tmp_path, ".", "docs/page.md#no-heading") == "docs/page.md has no heading for #no-heading"
    assert unresolved(tmp_path, "docs", "../../etc/passwd") == "leads out of the repository"


def test_problems_in_the_docs_name_page_and_line(tmp_path):
    course = make_course(tmp_path)
    (tmp_path / "README.md").write_text("# Hi\n\n[guide](docs/guide.md) ![](docs/glossary.md)\n[top](#hi) [no](#ho)\n")
    assert [str(problem).split("\n")[0] for problem in course_problems(course)] == [
        "README.md:3: link 'docs/guide.md': there is no docs/guide.md",
        "README.md:3: picture 'docs/glossary.md' has no alt text",
        "README.md:4: link '#ho': no heading of this page has that anchor",
    ]


def test_a_number_in_the_facts_must_be_one(tmp_path):
    course = make_course(tmp_path, facts='[price]\nvalue = "3"\ndate = "2026"\nsource = "us"\nnumber = "3"\n')
    facts, problems = read_facts(course.root)
    assert facts == {} and problems[0].what == "fact 'price': number '3' is no number"


def test_a_fact_renders_with_its_date_and_an_unknown_one_stays(tmp_path):
    facts, problems = read_facts(make_course(tmp_path).root)
    assert problems == [] and with_facts("{{fact:price}} {{ fact: price }} {{fact:x}}", facts) == (
        "3 cents (2026-11) 3 cents (2026-11) {{fact:x}}"
    )


def test_parts_of_a_fact_can_be_had_alone(tmp_path):
    course = make_course(tmp_path, facts=FACTS + "number = 0.03\n")
    facts, problems = read_facts(course.root)
    text = "{{fact:price.value}} in {{fact:price.date}}, {{fact:price.number}}, {{fact:price.size}}"
    assert problems == [] and with_facts(text, facts) == "3 cents in 2026-11, 0.03, {{fact:price.size}}"
    assert [name for _, name in used_facts(text)] == ["price", "price", "price", "price.size"]


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        (FACTS.replace('date = "2026-11"\n', ""), "data/facts.toml:1: fact 'price': has no date"),
        (FACTS.replace("2026-11", "last year"), "data/facts.toml:1: fact 'price': date 'last year' is no date"),
        (FACTS + 'unit = "c"\n', "data/facts.toml:1: fact 'price': unknown entry 'unit'"),
        ("\n[price\n", "data/facts.toml:2: not valid TOML: "),
        ('price = "3"\n', "data/facts.toml:1: fact 'price': not a table"),
    ],
)
def test_a_mistake_in_the_facts_names_its_line(tmp_path, facts, problem):
    assert str(read_facts(make_course(tmp_path, facts=facts).root)[1][0]).startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("### b\n\nOne.\n\n### a\n\nTwo.\n", "docs/glossary.md:5: 'a' stands after 'b'"),
        ("### a\n\nOne.\n\n### A\n\nTwo.\n", "docs/glossary.md:5: 'A' is there twice (first at line 1)"),
        ("### a\n\n### b\n\nTwo.\n", "docs/glossary.md:1: 'a' has 0 paragraphs"),
        ("### a\n\nOne.\n\nTwo.\n", "docs/glossary.md:1: 'a' has 2 paragraphs"),
    ],
)
def test_a_mistake_in_the_glossary_names_its_line(tmp_path, text, problem):
    path = tmp_path / "glossary.md"
    path.write_text(text)
    assert [str(found).split("\n")[0] for found in glossary_problems(path)] == [problem]


def test_our_glossary_has_every_term_once_in_order():
    assert list(glossary_problems(ROOT / "docs" / "glossary.md")) == []
    assert read_glossary(ROOT / "docs" / "glossary.md")


def test_our_pages_links_pictures_and_facts_are_in_order():
    assert [str(problem) for problem in course_problems(load_course(ROOT))] == []
