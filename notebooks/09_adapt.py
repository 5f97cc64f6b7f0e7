# %% [markdown]
# ## The binder on the desk
#
# Ragna keeps the desk at *Second Turn*, the repair café in an old tram depot in Lindwater. Forty times a week the telephone rings, and mostly the answer stands in a binder: 91 pages about opening hours, zips, toasters, and who may touch a plug.
#
# A nephew who knows about computers has a plan: *"We fine-tune a language model on your binder. It learns everything, and then it answers the telephone. Three weekends."* Ragna asks three questions. What happens when the opening hours change? How does she know that an answer is right? And what
# would the second-cheapest thing cost?
#
# There are four tools, and each is more trouble than the one before it:
#
# | tool | what changes | what it is good at | where it fails |
# |---|---|---|---|
# | a **rule** | nothing is learnt | what can be said in a line of code | everything that can be put in other words |
# | a **prompt** | the question | what the model knows and can do already | consistent form, words it has never met, facts it was never told |
# | **retrieval** | what stands beside the question | facts that live in documents, change, and must be checked | what stands in no document: tone, habit, judgement |
# | **fine-tuning** | the weights | a style, a behaviour, a narrow skill with a few hundred examples | facts: they go in as a tendency, and cannot be updated or cited |
#
# *Choose the cheapest that works.* "Works" is a number, so each rung of this ladder begins with a way to measure it. By the end you have built a search over Ragna's binder, prompts that cite their sources, a check that catches an answer which does not, LoRA from scratch, equal to the library's to the last bit
# that matters, and a small encoder fine-tuned with it; and you can say for a dozen jobs which tool you would take. The model is small and the café is invented. The decisions are those of any size.

# %% tags=["fixture"]
import json
import math
import re
import time
from collections import Counter

import faiss
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device
hub = lesson.hub()  # the real Hub, or the course's own in its place (lesson 08)
logging.set_verbosity_error()  # a fresh head is meant to be random: no need to be told each time
logging.disable_progress_bar()


# %% tags=["fixture"]
def rows(path: str) -> list[dict]:
    """The lines of a .jsonl file of the course's data."""
    return [json.loads(line) for line in lesson.data(path).read_text(encoding="utf-8").splitlines()]


CAFE, POSTS = "hub/datasets/measure-first/repair-cafe", "hub/datasets/measure-first/advice-or-venting"
PASSAGES = rows(f"{CAFE}/passages.jsonl")     # id, title, text
QUESTIONS = rows(f"{CAFE}/questions.jsonl")   # question, passage_ids (empty: no passage answers it)
TRAIN_POSTS = rows(f"{POSTS}/train.jsonl")    # text, label (1: asks for advice, 0: vents)
CHECK_POSTS = rows(f"{POSTS}/validation.jsonl")
NAMES = ("venting", "advice")                 # of the labels


def count_tokens(text: str) -> int:
    """How many tokens a text has for this lesson: words and punctuation marks. (A real tokenizer cuts rare words as well, and counts more: lesson 07.)"""
    return len(re.findall(r"\w+|[^\w\s]", text))

# %% tags=["demo"]
page = PASSAGES[0]
print(f"{page['id']} · {page['title']}\n{page['text']}\n")
print(len(PASSAGES), "passages,", sum(count_tokens(page["text"]) for page in PASSAGES), "tokens together")
for question in QUESTIONS[:4]:
    print(f"  {question['question']:70} {question['passage_ids']}")

# %% [markdown]
# ## 1 · Before any model: what would be enough?
#
# The café also has a forum, and Ragna would like there what Dunja wanted in lesson 08: a mark on the posts that ask for advice, and none on those that vent. So take the posts that you know from there, 756 to learn from and 126 to look at.
#
# Two ways to say how good an answer is come before all others, since they need no model and no opinion: **[exact match](docs/glossary.md#exact-match)** (is the answer, tidied up, one of the accepted ones?), and the **[baseline](docs/glossary.md#baseline)**, the score of the simplest thing that could possibly work.
#
# ### Exercise 1.1 · Exact match
# ●●○○○ · 8 minutes · 3 points
#
# Write `tidy(text)` and `exact_match(answers, accepted)`.
#
# `tidy`: small letters; every character that is neither a letter, a digit nor white space is removed (`str.isalnum`, `str.isspace`); the words *a*, *an*, *the* are removed; what is left has single spaces between words and none at its ends. In this order.
#
# `exact_match(answers, accepted)`: the share of answers that, tidied, equal *one* of the accepted texts of their question, tidied too. `accepted[i]` is the list of texts that are right for `answers[i]`. No answers at all is a `ValueError`.
#
# <details><summary>Hint: the articles</summary>
# Words, not letters: <code>"theatre".replace("the", "")</code> is "atre".
# </details>

# %% exercise="exact_match"
# exercise: exact_match
def tidy(text: str) -> str:
    """The text without capitals, punctuation, articles and needless space."""
    ### BEGIN SOLUTION
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter.isspace())
    return " ".join(word for word in kept.split() if word not in ("a", "an", "the"))
    ### END SOLUTION


def exact_match(answers: list[str], accepted: list[list[str]]) -> float:
    """Share of the answers that equal one of their accepted texts, both tidied."""
    ### BEGIN SOLUTION
    if not answers:
        raise ValueError("no answers: a share of nothing is not defined")
    return sum(tidy(got) in [tidy(text) for text in right] for got, right in zip(answers, accepted, strict=True)) / len(answers)
    ### END SOLUTION

# %% check="exact_match" points=3
check.equal(tidy("  The café's   doors, Hall 2! "), "cafés doors hall 2", of="tidy")
check.close(exact_match(["The Depot.", "Bus 9"], [["depot", "the old depot"], ["bus 7"]]), 0.5, of="one right answer of two")
### BEGIN HIDDEN TESTS
check.equal(tidy("A theatre"), "theatre", of="tidy, a word that begins like an article", hint="whole words only: is it replaced inside a word?")
check.equal(tidy("16:00"), "1600", of="tidy, a time")
check.equal(tidy("what?!"), "what", of="tidy, two marks at the end")
check.equal(tidy("the"), "", of="tidy, nothing but an article")
check.close(exact_match(["on Wednesdays and Saturdays"], [["Wednesdays"]]), 0.0, of="an answer that only holds the accepted text", hint="exact: equal, and not “in”")
check.close(exact_match(["Advice", "venting", "VENTING!", "no idea"], [["advice"], ["advice"], ["venting"], ["venting"]]), 0.5, of="two right answers of four")
check.close(exact_match(["x", "y", "z"], [["no", "x", "nor this"], ["y"], ["n"]]), 2 / 3, of="three accepted texts for one question", suspects={
    "one of the accepted texts is enough: count answers, not texts": 4 / 9, "is every accepted text looked at, or only the first?": 1 / 3})
check.raises(ValueError, lambda: exact_match([], []), of="no answers")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** how far each of these gets on the 126 validation posts, half of which ask: a coin; "it has a question mark"; five words such as *help* and *advice*; and, to remind you, lesson 08's grey bar, counted words and pairs of words.

# %% tags=["demo"]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

texts, wanted = [post["text"] for post in CHECK_POSTS], [[NAMES[post["label"]]] for post in CHECK_POSTS]
words = re.compile(r"\b(advice|help|tips?|should|anyone)\b", re.IGNORECASE)
counting = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10))
counting.fit([post["text"] for post in TRAIN_POSTS], [NAMES[post["label"]] for post in TRAIN_POSTS])
print(f"a question mark          {exact_match([NAMES['?' in text] for text in texts], wanted):.3f}")
print(f"one of five words        {exact_match([NAMES[bool(words.search(text))] for text in texts], wanted):.3f}")
print(f"counting words and pairs {exact_match(list(counting.predict(texts)), wanted):.3f}")

# %% [markdown]
# **Reconcile.** The five words are no better than the coin: people who vent say *help* and *should* as well ("I don't need help with the hedge"). The question mark is worth something, and counting words is still the number that any model that we train
# below has to beat. With 126 posts the standard error of 0.89 is 0.03: what beats it by one post beats nothing.
#
# ## 2 · Prompt: ask well
#
# A language model continues a text. So a task can be put as a text whose likeliest continuation is the answer: an instruction, some worked examples, and the new case, cut off where the answer begins. The examples are the **[few shots](docs/glossary.md#few-shot-prompt)**. They show the *form* of the answer, which words alone never quite do, and
# they are paid for at every single call.
#
# ### Exercise 2.1 · A few-shot prompt on a budget
# ●●○○○ · 10 minutes · 3 points
#
# Write `few_shot(instruction, examples, text, budget)`. `examples` are pairs (text, label). The prompt is exactly
#
# ```
# {instruction}
#
# Post: {text of an example}
# Answer: {its label}
#
# Post: {the new text}
# Answer:
# ```
#
# with one such block for each example, one empty line between blocks, and **nothing after the last colon**: a space or a line break there is a token, and the model has seen few answers that begin after it.
#
# - The examples come in the given order, whole; all texts go in as they are. Take as many *from the first on* as fit: `count_tokens(prompt) <= budget`. Stop at the first that does not fit.
# - An example whose text is the new text, spaces at the ends aside, is left out: a model that is shown the answer proves nothing. (It happens: somebody takes the examples from the test set.)
# - If not even the prompt without examples fits, raise a `ValueError`.

# %% exercise="few_shot"
# exercise: few_shot
def few_shot(instruction: str, examples: list[tuple[str, str]], text: str, budget: int) -> str:
    """Instruction, worked examples and the new case, in at most `budget` tokens."""
    ### BEGIN SOLUTION
    def prompt(shown):
        blocks = [f"Post: {one}\nAnswer: {label}" for one, label in shown]
        return "\n\n".join([instruction, *blocks, f"Post: {text}\nAnswer:"])

    usable = [pair for pair in examples if pair[0].strip() != text.strip()]
    if count_tokens(prompt([])) > budget:
        raise ValueError(f"the question alone takes more than {budget} tokens")
    shown = []
    for pair in usable:
        if count_tokens(prompt([*shown, pair])) > budget:
            break
        shown.append(pair)
    return prompt(shown)
    ### END SOLUTION

# %% check="few_shot" points=3
shots = [("My kettle leaks, what now?", "advice"), ("It rained. Again.", "venting")]
wanted = "Advice or venting?\n\nPost: My kettle leaks, what now?\nAnswer: advice\n\nPost: It rained. Again.\nAnswer: venting\n\nPost: Socks!\nAnswer:"
check.equal(few_shot("Advice or venting?", shots, "Socks!", 100), wanted, of="two examples", suspects={
    "does something stand after the last colon?": wanted + " ", "is there a line break after the last colon?": wanted + "\n"})
### BEGIN HIDDEN TESTS
shots += [("A long one, " + "and on it goes " * 12, "venting"), ("Short.", "advice"), ("Socks!", "venting")]
def blocks(*numbers, text="Socks!"):
    shown = "".join(f"Post: {shots[n][0]}\nAnswer: {shots[n][1]}\n\n" for n in numbers)
    return f"Advice or venting?\n\n{shown}Post: {text}\nAnswer:"
for count in (0, 1, 2, 3, 4):
    full = blocks(*range(count))
    check.equal(few_shot("Advice or venting?", shots, "Socks!", count_tokens(full)), full, of=f"a budget for exactly {count} of 5 examples", hint="from the first on, whole, and exactly full still fits")
between = count_tokens(blocks(0, 1)) + 12
check.equal(few_shot("Advice or venting?", shots, "Socks!", between), blocks(0, 1), of="a budget that the third example does not fit, and the fourth would", suspects={
    "stop at the first that does not fit": blocks(0, 1, 3)})
check.equal(few_shot("Advice or venting?", shots, "Socks!", 1000), blocks(0, 1, 2, 3), of="an example that is the new text", suspects={
    "the model is shown the answer: leave that example out": blocks(0, 1, 2, 3, 4)})
check.equal(few_shot("Advice or venting?", shots, " Socks! ", 1000), blocks(0, 1, 2, 3, text=" Socks! "), of="an example that is the new text but for spaces at its ends")
check.raises(ValueError, lambda: few_shot("Advice or venting?", shots, "Socks!", 5), of="a budget of 5 tokens")
### END HIDDEN TESTS

# %% [markdown]
# **What do the shots cost?** The café's forum has 3,000 posts a month. The cell sums up a month at a small hosted model's list prices (OpenAI's for GPT-4o mini), {{fact:api_small_in}} and {{fact:api_small_out}}, by tokens as we count them. **Predict** first: what do 16 shots cost more than none?

# %% tags=["demo"]
IN, OUT = lesson.fact("api_small_in").number, lesson.fact("api_small_out").number
instruction = "Does the writer of the post ask for advice, or vent? Answer with one word, advice or venting."
pairs = [(post["text"], NAMES[post["label"]]) for post in TRAIN_POSTS]
print(few_shot(instruction, pairs, CHECK_POSTS[0]["text"], 160), "\n")
for shots in (0, 4, 16, 64):
    tokens = count_tokens(few_shot(instruction, pairs[:shots], CHECK_POSTS[0]["text"], 10**6))
    print(f"{shots:3} shots: {tokens:5} tokens in, {3000 * (tokens * IN + 2 * OUT):6.2f} dollars a month, {3000 * tokens / 1e6:5.2f} million tokens read")

# %% [markdown]
# **Reconcile.** Cents. At 3,000 short calls a month nobody should train anything to save money; at 3 million it is another story, and a prompt with 64 shots is read anew every time. The prompt's real limits are elsewhere: it works only where the model can do the thing *already*, its answers change form when
# you least want it, and it knows nothing of Ragna's binder.
#
# Could the whole binder go into the prompt? It is about 12,000 tokens: it fits the **[context window](docs/glossary.md#context-window)** of many models (what one reads at once), and you pay for 12,000 tokens to be told when the café opens. Five hundred binders fit none. So let us look up the page first.

# %% [markdown]
# ## 3 · Retrieve: look it up
#
# Retrieval is five steps: cut the documents into **[chunks](docs/glossary.md#chunk)**, turn each into a vector (an **[embedding](docs/glossary.md#embedding)**), put the vectors into an **[index](docs/glossary.md#vector-index)**, turn the question into a vector the same way, and take the nearest chunks. With the answer written from what was found (section 4) the whole is called **[retrieval-augmented generation](docs/glossary.md#retrieval-augmented-generation)**, RAG. Nothing is trained, and a page that
# changes is one page indexed again.
#
# ### Exercise 3.1 · Chunks
# ●●○○○ · 8 minutes · 3 points
#
# A chunk that is too long says a little of everything; one that is too short has lost what it was about. And a sentence that is cut in two is found by neither half, so neighbours overlap.
#
# Write `chunks(text, size, overlap)`: pieces of `size` words (as `split()` gives them, joined by single spaces), each beginning `size - overlap` words after the one before it. **No word is lost**, and the last piece is the first that reaches the end of the text: it may be shorter, and no piece lies wholly within the one
# before it. A text without words has no chunks. `overlap` must be at least 0 and less than `size`, else `ValueError`.
#
# `chunks("a b c d e f g", 4, 2)` is `["a b c d", "c d e f", "e f g"]`, and `chunks("a b c d", 4, 2)` is `["a b c d"]`.

# %% exercise="chunks"
# exercise: chunks
def chunks(text: str, size: int, overlap: int) -> list[str]:
    """Overlapping pieces of `size` words that together hold every word of the text."""
    ### BEGIN SOLUTION
    if not 0 <= overlap < size:
        raise ValueError(f"an overlap of {overlap} does not suit pieces of {size} words")
    words, pieces, start = text.split(), [], 0
    while start < len(words):
        pieces.append(" ".join(words[start : start + size]))
        if start + size >= len(words):
            break
        start += size - overlap
    return pieces
    ### END SOLUTION

# %% check="chunks" points=3
check.equal(chunks("a b c d e f g", 4, 2), ["a b c d", "c d e f", "e f g"], of="7 words, size 4, overlap 2", suspects={
    "the g is lost": ["a b c d", "c d e f"], "the last piece lies wholly within the one before it": ["a b c d", "c d e f", "e f g", "g"]})
check.equal(chunks("a b c d", 4, 2), ["a b c d"], of="exactly one piece", suspects={"the second piece lies wholly within the first": ["a b c d", "c d"]})
### BEGIN HIDDEN TESTS
check.equal(chunks("", 4, 2), [], of="a text without words")
check.equal(chunks("  one\n two  ", 5, 0), ["one two"], of="a short text with line breaks")
for count, size, overlap in ((1, 3, 1), (10, 3, 0), (11, 3, 2), (100, 40, 10), (99, 7, 6), (8, 4, 0), (9, 4, 0)):
    text = " ".join(f"w{n}" for n in range(count))
    got, case = chunks(text, size, overlap), f"{count} words, size {size}, overlap {overlap}"
    lost = set(text.split()) - {word for piece in got for word in piece.split()}
    check.that(not lost, expected=f"{case}: every word in some piece", got=f"yours has lost {len(lost)}, among them {sorted(lost)[:3]}")
    check.that(all(len(piece.split()) <= size for piece in got), expected=f"{case}: pieces of at most {size} words", got="yours has a longer one")
    want, start = [], 0
    while not want or start - (size - overlap) + size < count:
        want.append(" ".join(f"w{n}" for n in range(start, min(count, start + size))))
        start += size - overlap
    check.equal(got, want, of=case, hint="each begins size − overlap words after the one before; the first that reaches the end is the last")
for size, overlap in ((4, 4), (4, 5), (4, -1)):
    check.raises(ValueError, lambda: chunks("a b c d e f", size, overlap), of=f"size {size}, overlap {overlap}")
### END HIDDEN TESTS

# %% [markdown]
# ### A vector for a text
#
# The course gives you an embedding that you can read: `embed_words`. Each of its numbers belongs to one word of the binder (cut to five letters, so that *repair* and *repaired* are one), and is larger the rarer the word is: (1 + ln count) · ln(passages / passages with the word), which is called **[TF-IDF](docs/glossary.md#tf-idf)**. A second
# one comes from a pretrained encoder; you will compare the two.

# %% tags=["fixture"]
STOP = set("""a about after all am an and any are as at be been but by can could did do does for from get had has have he her him his how i if in into is it
its just me my no not of on one or our out she so some than that the their them then there these they this to too up us was we were what when where which who
why will with would you your""".split())


def terms(text: str) -> list[str]:
    """The words of a text that say something, cut to five letters."""
    return [word[:5] for word in re.findall(r"[a-z]+|\d+", text.lower()) if word not in STOP]


SEEN = Counter(word for page in PASSAGES for word in set(terms(f"{page['title']} {page['text']}")))
COLUMN = {word: number for number, word in enumerate(sorted(SEEN))}
RARE = torch.tensor([math.log(len(PASSAGES) / SEEN[word]) for word in COLUMN])


def embed_words(texts: list[str]) -> torch.Tensor:
    """TF-IDF of each text: float32 [texts, words of the binder], of any length. A text without any known word is all zeros."""
    vectors = torch.zeros(len(texts), len(COLUMN))
    for row, text in enumerate(texts):
        for word, count in Counter(terms(text)).items():
            if word in COLUMN:
                vectors[row, COLUMN[word]] = 1 + math.log(count)
    return vectors * RARE

# %% tags=["demo"]
asked = "The zip of my jacket is stuck: can you repair it?"
vector = embed_words([asked])[0]
print(tuple(vector.shape), "numbers, of which not 0:", {word: round(vector[COLUMN[word]].item(), 2) for word in terms(asked) if word in COLUMN})
lengths = embed_words([page["text"] for page in PASSAGES]).norm(dim=1)
print(f"lengths of the passages' vectors: {lengths.min():.1f} to {lengths.max():.1f}")

# %% [markdown]
# The lengths differ, since long passages have more words. A plain inner product would prefer what is long to what is near. The **cosine** divides by both lengths: it is the inner product of vectors that were brought to length 1 first. That is how an index for inner products (`faiss.IndexFlatIP`) gives cosines.
#
# ### Exercise 3.2 · The index
# ●●●○○ · 12 minutes · 4 points
#
# [faiss](https://github.com/facebookresearch/faiss) holds vectors and finds the nearest ones: exactly, as here, or approximately among a billion. It wants float32 NumPy arrays of shape [N, d]: `index.add(array)`, `scores, numbers = index.search(array, k)`, both [queries, k], best first.
#
# - `build_index(vectors)`: an index of their cosines. `vectors`: float32 tensor [N, d], of any length; it stays as it is.
# - `nearest(index, vector, k)`: a list of at most `k` pairs (number of the row, cosine), best first, as Python `int` and `float`, for one `vector` [d] of any length.
#
# Two things bite. A vector of zeros has no direction: its cosine with everything is 0 here, and never NaN (`F.normalize` does that). And where the index holds fewer than `k` vectors, faiss fills up with the number −1, which as an index means *the last one* to Python: those must not come back.

# %% exercise="index"
# exercise: index
def build_index(vectors: torch.Tensor) -> faiss.Index:
    """A faiss index that finds by cosine. vectors: float32 [N, d], of any length."""
    ### BEGIN SOLUTION
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(F.normalize(vectors, dim=1).numpy())
    return index
    ### END SOLUTION


def nearest(index: faiss.Index, vector: torch.Tensor, k: int) -> list[tuple[int, float]]:
    """The (row, cosine) of the at most k nearest, best first. vector: float32 [d], of any length."""
    ### BEGIN SOLUTION
    scores, numbers = index.search(F.normalize(vector[None], dim=1).numpy(), k)
    return [(int(number), float(score)) for number, score in zip(numbers[0], scores[0]) if number >= 0]
    ### END SOLUTION

# %% check="index" points=4
rows_of_three = torch.tensor([[3.0, 0, 0], [0, 1.0, 0], [2.0, 2.0, 0]])
index = build_index(rows_of_three)
check.equal((index.ntotal, index.d), (3, 3), of="vectors in the index, and the numbers in each")
check.close(nearest(index, torch.tensor([0, 5.0, 0]), 2), [(1, 1.0), (2, 0.5**0.5)], atol=1e-6, of="the two nearest to [0, 5, 0]", suspects={
    "a cosine is at most 1: are the vectors in the index brought to length 1, and the query too?": [(2, 10.0), (1, 5.0)],
    "is the query brought to length 1, too?": [(1, 5.0), (2, 12.5**0.5)], "are the vectors in the index brought to length 1?": [(2, 2.0), (1, 1.0)]})
### BEGIN HIDDEN TESTS
check.close(nearest(index, torch.tensor([0, 5.0, 0]), 7), [(1, 1.0), (2, 0.5**0.5), (0, 0.0)], atol=1e-6, of="seven asked of three",
            hint="faiss fills up with the number −1: those are no rows")
blank = nearest(index, torch.zeros(3), 3)
check.equal(len(blank), 3, of="vectors found for a query of zeros", hint="0/0 is NaN, and nothing is near NaN: F.normalize divides by at least 1e-12")
check.close([score for _, score in blank], [0.0] * 3, of="the cosines of a query of zeros", hint="0/0 is NaN: F.normalize divides by at least 1e-12")
vectors, query = torch.randn(50, 16) * torch.rand(50, 1) * 9, torch.randn(16)
kept = vectors.clone()
got = nearest(build_index(vectors), query, 50)
check.equal(vectors, kept, of="the vectors after build_index", hint="faiss.normalize_L2 writes into the array that it is given, and numpy() shares the tensor's memory")
cosines = F.cosine_similarity(vectors, query[None])
check.equal([row for row, _ in got], cosines.argsort(descending=True).tolist(), of="the order of 50 random vectors", hint="by cosine, best first")
check.close([score for _, score in got], cosines.sort(descending=True).values.tolist(), atol=1e-5, rtol=0, of="the cosines of 50 random vectors")
check.that(all(type(row) is int and type(score) is float for row, score in got), expected="pairs of a Python int and a Python float", got=f"yours begin with {got[0]!r}")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3.3 · Recall at k
# ●●○○○ · 8 minutes · 3 points
#
# How good is a search? Of the passages that answer a question, which share is among the first $k$ found? That is **[recall at k](docs/glossary.md#recall-at-k)**, and its mean over all questions *that have an answer*; for the others it is not defined, and they are left out.
#
# Write `recall_at_k(found, relevant, k)`. `found[i]`: ids in the order in which they were found for question *i*, maybe some more than once: the first k entries count, repetitions among them, and what is found twice is found once. `relevant[i]`: the ids that answer it, maybe none. Returns a float; if no question has an answer, a `ValueError`.
#
# | found | relevant | recall at 3 |
# |---|---|---|
# | d, a, b, c | a, c | 1/2: c comes fourth |
# | d, a, b | a | 1 |
# | d, a, b | none | left out |
# | a, a, c | a, c | 1 (and at 2: 1/2) |

# %% exercise="recall_at_k"
# exercise: recall_at_k
def recall_at_k(found: list[list[str]], relevant: list[list[str]], k: int) -> float:
    """Mean share of the relevant ids among the first k found, over the questions that have any."""
    ### BEGIN SOLUTION
    shares = [len(set(got[:k]) & set(right)) / len(set(right)) for got, right in zip(found, relevant, strict=True) if right]
    if not shares:
        raise ValueError("no question has a relevant passage")
    return sum(shares) / len(shares)
    ### END SOLUTION

# %% check="recall_at_k" points=3
found, relevant = [list("dabc"), list("dab"), list("dab")], [["a", "c"], ["a"], []]
check.close(recall_at_k(found, relevant, 3), 0.75, of="the table's three questions", suspects={
    "a question without an answer is left out: it is no failure": 0.5, "one of two relevant passages found is one half; and the c comes fourth: is the list cut after k?": 1.0,
    "over the relevant ones, not over k: that would be precision": (1 / 3 + 1 / 3) / 2, "each question weighs the same, however many passages answer it": 2 / 3})
check.close(recall_at_k(found, relevant, 1), 0.0, of="the same at 1")
### BEGIN HIDDEN TESTS
check.close(recall_at_k(found, relevant, 4), 1.0, of="the same at 4")
check.close(recall_at_k([["a", "a", "b"]], [["a", "b"]], 2), 0.5, of="the same id twice among the first two", suspects={"the first k entries count, repetitions among them; one relevant id found twice is one": 1.0})
check.close(recall_at_k([["x", "a", "b", "c"], ["q", "r"], ["z"]], [["a", "b", "c"], ["r", "s"], ["y"]], 3), (2 / 3 + 1 / 2 + 0) / 3, of="three questions at 3", suspects={
    "hit or miss? With several relevant passages it is a share": 2 / 3, "each question weighs the same, however many passages answer it": 3 / 6})
check.raises(ValueError, lambda: recall_at_k([["a"]], [[]], 3), of="no question with an answer")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3.4 · The search
# ●●●○○ · 15 minutes · 6 points
#
# Now all of it. Write `make_search(passages, embed, size, overlap)`. It cuts the `text` of each passage into chunks, puts the passage's `title`, a full stop and a space in front of each (`"Holidays. All of August …"`: a chunk from the middle does not say what it is about), embeds them, builds the index **once**, and returns a function
# `search(question, k)`.
#
# `search` returns at most `k` tuples `(id, chunk, cosine)`, best first, **each passage once**, with its best chunk. Several chunks of one passage among the nearest must not crowd out the others: there are k passages as long as the index holds k.
#
# `embed` maps a list of texts to a tensor [N, d].
#
# <details><summary>Hint: k passages, but how many chunks?</summary>
# Any fixed multiple of k can be too few. The index is small: ask it for all chunks, and keep the first of each passage.
# </details>

# %% exercise="search"
# exercise: search
def make_search(passages: list[dict], embed, size: int, overlap: int):
    """A function search(question, k) -> [(passage id, chunk, cosine)], best first, each passage once."""
    ### BEGIN SOLUTION
    pieces = [(page["id"], f"{page['title']}. {piece}") for page in passages for piece in chunks(page["text"], size, overlap)]
    index = build_index(embed([text for _, text in pieces]))

    def search(question, k):
        best = {}
        for row, score in nearest(index, embed([question])[0], len(pieces)):
            best.setdefault(pieces[row][0], (*pieces[row], score))
        return list(best.values())[:k]

    return search
    ### END SOLUTION

# %% check="search" points=3
shelf = [{"id": "p1", "title": "Zips", "text": "zip jacket slider zip teeth wax candle"}, {"id": "p2", "title": "Toasters", "text": "toast bread crumbs lever"},
         {"id": "p3", "title": "Bicycles", "text": "chain oil wheel tyre spoke brake lever toast"}]
search = make_search(shelf, embed_words, 4, 1)
check.equal([(found[0], found[1]) for found in search("Which oil for my chain?", 1)], [("p3", "Bicycles. chain oil wheel tyre")], of="one passage about a chain")
check.equal([found[0] for found in search("zip", 3)][:1], ["p1"], of="the best passage about a zip")
### BEGIN HIDDEN TESTS
check.equal(sorted(found[0] for found in search("zip jacket wax", 3)), ["p1", "p2", "p3"], of="three passages asked of three", hint="each passage once, with its best chunk: did two chunks of p1 take two places?")
crowd = make_search([{**shelf[0], "text": "zip jacket " * 40}, *shelf[1:]], embed_words, 4, 1)
check.equal(len(crowd("zip jacket", 3)), 3, of="three passages asked of three, one of which has 26 chunks", hint="its chunks must not crowd out the others, however many they are")
check.equal(search("a candle", 1)[0][:2], ("p1", "Zips. zip teeth wax candle"), of="a word at the end of a passage", hint="is every chunk of a passage in the index, and is its best one returned?")
check.equal([found[0] for found in search("toasters", 1)], ["p2"], of="a word that only a title has", hint="is the title in front of each chunk?")
calls = []
def counted(texts):
    calls.append(len(texts))
    return embed_words(texts)
search = make_search(PASSAGES[:12], counted, 40, 10)
built = sum(calls)
got = [search(question["question"], 5) for question in QUESTIONS[:4]]
check.equal(sum(calls) - built, 4, of="texts embedded for four questions", hint="one a question: the chunks were embedded when the index was built")
for found in got:
    check.equal(len({one[0] for one in found}), 5, of="different passages among 5 found")
    check.that(all(a[2] >= b[2] - 1e-6 for a, b in zip(found, found[1:])), expected="the best first", got=f"your cosines are {[round(one[2], 3) for one in found]}")
### END HIDDEN TESTS

# %% check="search" part="held_out" points=3
search = make_search(PASSAGES, embed_words, 60, 20)
mine = recall_at_k([[found[0] for found in search(question["question"], 3)] for question in QUESTIONS], [question["passage_ids"] for question in QUESTIONS], 3)
# 32 right searches (sizes 20 to 400 words, overlaps 0 to half of it) have 0.469 to 0.552 here, this one 0.526; three passages at random have 0.033
check.that(mine > 0.45, expected="a recall at 3 above 0.45 on the public questions", got=f"yours is {mine:.3f}", hint="which of the four parts loses passages?")
### BEGIN HIDDEN TESTS
found, relevant = [], []
for line in lesson.data("held_out/repair-cafe/questions.jsonl").read_text(encoding="utf-8").splitlines():
    asked = json.loads(line)
    relevant.append(asked["passage_ids"])
    found.append([one[0] for one in search(asked["question"], 3)])
shares = [len(set(got) & set(right)) / len(right) for got, right in zip(found, relevant) if right]
share = sum(shares) / len(shares)
# on the held-out questions the same 32 have 0.552 to 0.604, this one 0.562
check.that(share > 0.53, expected="a recall at 3 above 0.53 on questions that nobody has seen", got=f"yours is {share:.3f}", hint="does it search, or remember the public questions?")
### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Which chunk size is best: 20 words, 60, or the whole passage? And by how much?

# %% tags=["demo"]
relevant = [question["passage_ids"] for question in QUESTIONS]
sizes, recalls = (15, 30, 60, 90, 120, 400), []
for size in sizes:
    search = make_search(PASSAGES, embed_words, size, size // 3)
    found = [[one[0] for one in search(question["question"], 10)] for question in QUESTIONS]
    recalls.append([recall_at_k(found, relevant, k) for k in (1, 3, 10)])
fig, ax = plt.subplots(figsize=(7, 3))
for k, color, curve in zip((1, 3, 10), ("#D55E00", "#0072B2", "#009E73"), zip(*recalls)):
    ax.plot(range(len(sizes)), curve, "o-", color=color, label=f"recall at {k}")
    ax.fill_between(range(len(sizes)), [r - (r * (1 - r) / 96) ** 0.5 for r in curve], [r + (r * (1 - r) / 96) ** 0.5 for r in curve], color=color, alpha=0.12)
ax.set(xticks=range(len(sizes)), xticklabels=sizes, xlabel="words in a chunk", ylabel="recall", ylim=(0, 1), title="The chunk size is not what decides here")
ax.legend(ncols=3, loc="upper left", fontsize=8)
lesson.show(fig, alt="Recall at 1, 3 and 10 for chunks of " + ", ".join(map(str, sizes)) + " words: at 3 it is " + ", ".join(f"{r[1]:.2f}" for r in recalls) + ". The bands of one standard error overlap everywhere.")

# %% [markdown]
# **Reconcile.** The curve is nearly flat, and the bands (one standard error, from 96 questions) overlap: on this binder no size is better than its neighbour *as far as we can tell*. Many an evening has been spent on tuning what lies within such a band. What decides is whether the question's words are the passage's words. So look at
# what was not found.

# %% tags=["demo"]
search = make_search(PASSAGES, embed_words, 60, 20)
titles, missed = {page["id"]: page["title"] for page in PASSAGES}, []
for question in QUESTIONS:
    got = [one[0] for one in search(question["question"], 3)]
    if question["passage_ids"] and not set(got) & set(question["passage_ids"]):
        missed.append((question["question"], [titles[one] for one in question["passage_ids"]], [titles[one] for one in got]))
for asked, right, got in missed[:6]:
    print(f"{asked}\n   wanted {right}\n   found  {got}")

# %% [markdown]
# An embedding of *words* cannot know that a brolly is an umbrella. A pretrained encoder may, because it has read both in the same company. Its vector for a text is lesson 08's masked mean of its last hidden states. `search` does not care where vectors come from.

# %% tags=["demo"]
from transformers import AutoModel

reader, encoder = AutoTokenizer.from_pretrained(hub.encoder), AutoModel.from_pretrained(hub.encoder).eval()

@torch.no_grad()
def embed_encoder(texts: list[str]) -> torch.Tensor:
    """Mean of the encoder's last hidden states over each text's tokens: [texts, width]."""
    parts = []
    for start in range(0, len(texts), 64):
        batch = reader(texts[start : start + 64], padding=True, truncation=True, max_length=128, return_tensors="pt")
        states = encoder(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        seen = batch["attention_mask"][:, :, None]
        parts.append((states * seen).sum(1) / seen.sum(1))
    return torch.cat(parts)

def embed_both(texts: list[str]) -> torch.Tensor:
    """Both vectors, each brought to length 1, side by side: its cosine is the mean of the two cosines."""
    return torch.cat([F.normalize(embed_words(texts)), F.normalize(embed_encoder(texts))], dim=1)

for name, embed in (("words", embed_words), ("encoder", embed_encoder), ("both", embed_both)):
    search, began = make_search(PASSAGES, embed, 60, 20), time.perf_counter()
    found = [[one[0] for one in search(question["question"], 3)] for question in QUESTIONS]
    print(f"{name:8} recall at 3: {recall_at_k(found, relevant, 3):.3f}   {1000 * (time.perf_counter() - began) / len(QUESTIONS):.1f} ms a question")

# %% [markdown]
# **Reconcile.** The course's tiny encoder has 1.2 million parameters and has read two million characters. It finds far more than chance (0.03) and half of what counting words finds; and both side by side are no better than the words alone. "Embeddings understand meaning" is a statement about a *particular* model that has read enough. One with 22.7
# million parameters, all-MiniLM-L6-v2, reaches 0.75 on the same questions (the [data card](data/hub/datasets/measure-first/repair-cafe/README.md) has the table; on the real Hub `hub.encoder` is that model, and you can measure it). So: measure on your own questions, with the baseline in the same table. And note who is asked: with a search that is right in every second case, a person had better stay on the telephone.

# %% written="what_was_missed" points=2
# **Look at your misses** (6 minutes · 2 points). Take three of the questions that the search by words did not find (the list under exercise 3.4). For each, say why in one sentence, and what would mend it: a better embedding, other chunks, a line in the binder, or nothing.
#
# ### BEGIN SOLUTION
# Names three questions from the list, and for each a cause that can be seen in the data: a synonym that the passage does not use (better embedding, or the visitors' word added to the passage: the cheapest mend of all), the subject found and the wrong neighbour of two or three (several passages on zips: a larger k, or a title that says the difference), words so common that
# their weight is small, a question that would need two passages. Two points: three causes and fitting mends; one point: only causes, or the same mend for all without a reason.
# ### END SOLUTION

# %% [markdown]
# ## 4 · Answer from what was found
#
# ### Exercise 4.1 · The grounded prompt
# ●●●○○ · 12 minutes · 4 points
#
# The page is found; now the model must answer from it *and from nothing else*, say where each statement comes from, and say so when the answer is not there. The prompt is exactly
#
# ```
# {RULES}
#
# [rc-001] {chunk}
# [rc-076] {chunk}
#
# Question: {question}
# Answer:
# ```
#
# Write `grounded_prompt(question, found, budget, floor)`. `found` is what your `search` returns.
#
# - A source with a cosine below `floor` is not used: the nearest of 91 passages is always *something*, also for "Do you cut hair?".
# - Sources go in whole, in the order in which they were found, as long as `count_tokens` of the whole prompt is at most `budget`. One that does not fit is left out, and a later, shorter one may still fit.
# - If no source is left, return `NOT_IN_SOURCES` itself. No model has to be asked for that, and none can get it wrong.

# %% tags=["fixture"]
NOT_IN_SOURCES = "Not in the sources."
RULES = (f"Answer from the sources below and from nothing else. After each statement, cite its source by the id in square brackets. "
         f"If the answer is not in the sources, say: {NOT_IN_SOURCES}")

# %% exercise="grounded_prompt"
# exercise: grounded_prompt
def grounded_prompt(question: str, found: list[tuple[str, str, float]], budget: int, floor: float) -> str:
    """A prompt with the sources that are near enough and fit, or NOT_IN_SOURCES."""
    ### BEGIN SOLUTION
    def prompt(sources):
        return "\n\n".join([RULES, "\n".join(sources), f"Question: {question}\nAnswer:"])

    sources = []
    for name, chunk, cosine in found:
        if cosine >= floor and count_tokens(prompt([*sources, f"[{name}] {chunk}"])) <= budget:
            sources.append(f"[{name}] {chunk}")
    return prompt(sources) if sources else NOT_IN_SOURCES
    ### END SOLUTION

# %% check="grounded_prompt" points=4
near = [("rc-005", "Zips. A slider costs a crown.", 0.61), ("rc-009", "Wax. Use a candle.", 0.32), ("rc-002", "Holidays. Closed in August.", 0.04)]
wanted = RULES + "\n\n[rc-005] Zips. A slider costs a crown.\n[rc-009] Wax. Use a candle.\n\nQuestion: My zip?\nAnswer:"
check.equal(grounded_prompt("My zip?", near, 200, 0.1), wanted, of="three sources, one of them too far", suspects={
    "is the floor used?": wanted.replace("\n\nQuestion", "\n[rc-002] Holidays. Closed in August.\n\nQuestion"), "does something stand after the last colon?": wanted + " "})
check.equal(grounded_prompt("Do you cut hair?", near[2:], 200, 0.1), NOT_IN_SOURCES, of="nothing near enough")
### BEGIN HIDDEN TESTS
longer = [near[0], ("rc-050", "Long. " + "and on it goes " * 30, 0.5), near[1]]
whole = count_tokens(wanted)
cases = ((near, 200, 0.32, ["rc-005", "rc-009"], "a cosine of exactly the floor", "below the floor is too far; the floor itself is not"),
         (near, whole, 0.1, ["rc-005", "rc-009"], "a budget that is exactly full", "exactly full still fits"),
         (near, whole - 1, 0.1, ["rc-005"], "a budget one token too small for both", "a source goes in whole or not at all, and rules, ids and question count as well"),
         (longer, whole, 0.1, ["rc-005", "rc-009"], "a long source before a short one", "one that does not fit is left out, and a later one may still fit"))
for given, budget, floor, names, case, hint in cases:
    got = grounded_prompt("My zip?", given, budget, floor)
    check.equal(re.findall(r"^\[(rc-\d+)\]", got, re.MULTILINE), names, of=f"the sources in the prompt, {case}", hint=hint)
check.equal(grounded_prompt("My zip?", [], 200, 0.1), NOT_IN_SOURCES, of="nothing found at all")
first = wanted.replace("\n[rc-009] Wax. Use a candle.", "")
check.equal(grounded_prompt("My zip?", near, whole - 1, 0.1), first, of="the whole prompt, with one source of two")
check.equal(grounded_prompt("My zip?", near, 20, 0.1), NOT_IN_SOURCES, of="a budget that no source fits")
### END HIDDEN TESTS

# %% [markdown]
# **Where should the floor be?** Nine of the questions are answered by no passage. **Predict** whether one number can tell them from the others: the cosine of the best chunk.

# %% tags=["demo"]
search = make_search(PASSAGES, embed_words, 60, 20)
best = {True: [], False: []}
for question in QUESTIONS:
    best[bool(question["passage_ids"])].append(search(question["question"], 1)[0][2])
fig, ax = plt.subplots(figsize=(7, 2.6))
for level, (answered, color, name) in enumerate(((False, "#D55E00", "no passage answers"), (True, "#0072B2", "some passage answers"))):
    ax.plot(best[answered], [level + 0.25 * math.sin(37 * n) for n in range(len(best[answered]))], "o", color=color, alpha=0.6)
ax.set(yticks=(0, 1), yticklabels=("no passage answers", "some passage answers"), ylim=(-0.6, 1.6), xlabel="cosine of the nearest chunk", title="No floor separates them")
lesson.show(fig, alt=f"Of the nine questions without an answer, {sum(b < 0.01 for b in best[False])} have a nearest cosine of 0; the others, up to {max(best[False]):.2f}, lie among those of the questions with an answer, {min(best[True]):.2f} to {max(best[True]):.2f}.")
for floor in (0.1, 0.15, 0.2, 0.25):
    print(f"floor {floor:.2f}: refuses {sum(b < floor for b in best[False])} of {len(best[False])} that it should, and {sum(b < floor for b in best[True])} of {len(best[True])} that it should not")

# %% [markdown]
# **Reconcile.** A floor of 0.1 catches three of nine, those that share no word with the binder, and costs nothing. To catch eight, one would have to turn away 58 of the 96 that have an answer. It is a bouncer and no judge. So two more guards stand behind it: the rule in the prompt, and a check of what comes out.
#
# ### Exercise 4.2 · Is it grounded?
# ●●●○○ · 15 minutes · 4 points
#
# A model that was told to cite may cite a page that does not exist, or a real one that says something else. Much of that can be caught without understanding a word. Write `groundedness(answer, sources)`; `sources` is a dict from id to text, the sources in the prompt. It returns a dict:
#
# | entry | |
# |---|---|
# | `"cited"` | the ids in square brackets that are sources: sorted, each once. An id is everything of the form `[rc-` and digits `]`, without the brackets |
# | `"unknown"` | the cited ids that are no source: sorted, each once |
# | `"numbers"` | numbers in the answer that stand in **no cited source**: in the order of the answer, each once |
# | `"grounded"` | `True` if there is at least one cited source and both lists of complaints are empty, **or** the tidied answer is the tidied `NOT_IN_SOURCES` |
#
# A number is what the fixture's `numbers(text)` finds: `16:00`, `1.5`, `45`. It must stand in a source *as a whole number of its own*: a 5 is not in "45". And an id's own digits are no number of the answer.

# %% tags=["fixture"]
def numbers(text: str) -> list[str]:
    """Numbers in a text, as they are written: ["16:00", "1.5", "45"]. An hour's colon, a decimal point or comma belong to them."""
    return re.findall(r"\d+(?:[.,:]\d+)*", text)

# %% exercise="groundedness"
# exercise: groundedness
def groundedness(answer: str, sources: dict[str, str]) -> dict:
    """Which sources an answer cites, which it invents, and which of its numbers no cited source holds."""
    ### BEGIN SOLUTION
    named = set(re.findall(r"\[(rc-\d+)\]", answer))
    cited, unknown = sorted(named & set(sources)), sorted(named - set(sources))
    held = {number for name in cited for number in numbers(sources[name])}
    claimed = numbers(re.sub(r"\[rc-\d+\]", " ", answer))
    missing = [number for number in dict.fromkeys(claimed) if number not in held]
    refuses = tidy(answer) == tidy(NOT_IN_SOURCES)
    return {"cited": cited, "unknown": unknown, "numbers": missing, "grounded": refuses or bool(cited and not unknown and not missing)}
    ### END SOLUTION

# %% check="groundedness" points=4
given = {"rc-001": "On Wednesdays from 16:00 to 20:00. The last thing is taken in 45 minutes before.", "rc-002": "Closed from 24 December to 6 January."}
check.equal(groundedness("We open at 16:00 on Wednesdays [rc-001].", given), {"cited": ["rc-001"], "unknown": [], "numbers": [], "grounded": True}, of="a good answer", suspects={
    "the digits of an id are no number of the answer": {"cited": ["rc-001"], "unknown": [], "numbers": ["001"], "grounded": False}})
check.equal(groundedness("We open at 15:00 [rc-001] and on Sundays [rc-099].", given), {"cited": ["rc-001"], "unknown": ["rc-099"], "numbers": ["15:00"], "grounded": False}, of="a bad one")
### BEGIN HIDDEN TESTS
def expect(cited=(), unknown=(), numbers=(), grounded=False):
    return {"cited": list(cited), "unknown": list(unknown), "numbers": list(numbers), "grounded": grounded}
cases = (
    ("Come 5 minutes early [rc-001].", expect(["rc-001"], numbers=["5"]), "a 5 where the source has 45", "numbers as a whole: a 5 is not in 45"),
    ("Closed until 6 January [rc-001].", expect(["rc-001"], numbers=["6"]), "a number of a source that is not cited", "only cited sources count, not all that were in the prompt"),
    ("Wednesdays at 16:00.", expect(numbers=["16:00"]), "no citation at all", "without a citation nothing is grounded"),
    ("On Wednesdays.", expect(), "no citation and no number", "without a citation nothing is grounded"),
    ("Open 16:00 to 20:00 [rc-001], closed 24 December [rc-002] [rc-001].", expect(["rc-001", "rc-002"], grounded=True), "two sources, one of them twice", "each id once, sorted"),
    ("From 9 to 9, or 8 [rc-777][rc-002].", expect(["rc-002"], ["rc-777"], ["9", "8"]), "a number twice", "each number once, in the order of the answer"),
    ("not in the sources", expect(grounded=True), "the refusal, written a little differently", "tidy both"),
    (NOT_IN_SOURCES, expect(grounded=True), "the refusal", "a refusal cites nothing, and is grounded"),
    ("Not in the sources, but surely at 8.", expect(numbers=["8"]), "a refusal that goes on", "the whole answer, tidied, must be the refusal"),
)
for answer, want, case, hint in cases:
    check.equal(groundedness(answer, given), want, of=case, hint=hint)
### END HIDDEN TESTS

# %% tags=["demo"]
search = make_search(PASSAGES, embed_words, 60, 20)

def by_quoting(question: str) -> str:
    """An answer without any model: of the sentences found, the one nearest to the question, with its source."""
    lines = [(line, name) for name, chunk, cosine in search(question, 3) if cosine >= 0.1
             for line in re.split(r"(?<=[.!?])\s", chunk.removeprefix(f"{titles[name]}. ")) if len(line.split()) > 3]
    if not lines:
        return NOT_IN_SOURCES
    row, _ = nearest(build_index(embed_words([line for line, _ in lines])), embed_words([question])[0], 1)[0]
    return f"{lines[row][0]} [{lines[row][1]}]"

for question in ("What does a white stripe on a tool mean?", "My bike has a flat. What does a fresh inner tube cost?", "Which bank is your account with?", "What is the best recipe for carrot cake?"):
    found = search(question, 3)
    prompt, answer = grounded_prompt(question, found, 300, 0.1), by_quoting(question)
    print(f"{question}\n   prompt: {count_tokens(prompt)} tokens, {len(re.findall(r'^.rc-', prompt, re.MULTILINE))} sources\n   {answer}\n   {groundedness(answer, {name: text for name, text, _ in found})}")

# %% tags=["demo"]
answers = [(question["passage_ids"], by_quoting(question["question"]), {name: text for name, text, _ in search(question["question"], 3)}) for question in QUESTIONS]
answered = [set(re.findall(r"rc-\d+", answer)) & set(right) for right, answer, _ in answers if right]
print(f"grounded: {sum(groundedness(answer, sources)['grounded'] for _, answer, sources in answers)} of {len(answers)} answers")
print(f"from a passage that answers the question: {sum(map(bool, answered))} of {len(answered)}")

# %% [markdown]
# **Reconcile.** An answer that only quotes is always grounded; and fewer than one in three comes from a page that answers the question. Groundedness says *where an answer comes from*, and not *whether it helps*. Both numbers are needed, and they measure different parts: the second is the search's fault.
#
# The check lets a lie in words pass, too ("closed on Wednesdays [rc-001]"). It is a net with holes of a known size, cheap enough to be pulled through every single answer.
#
# **And a model's own words?** `hub.decoder` is, on the course's own Hub, a decoder of a million parameters that has read Python's documentation and nothing else; on the real one it has 135 million and was trained to answer. **Predict** what yours makes of the prompt, and whether the check notices.

# %% tags=["demo"]
from transformers import AutoModelForCausalLM

speller, writer = AutoTokenizer.from_pretrained(hub.decoder), AutoModelForCausalLM.from_pretrained(hub.decoder).eval()
short = make_search(PASSAGES, embed_words, 30, 10)
for question in ("My bike has a flat. What does a fresh inner tube cost?", "What does a white stripe on a tool mean?"):
    found = short(question, 3)
    ids = speller(grounded_prompt(question, found, 140, 0.1), return_tensors="pt")["input_ids"]
    written = writer.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=36, do_sample=False, pad_token_id=speller.eos_token_id)
    answer = speller.decode(written[0, ids.shape[1] :], skip_special_tokens=True)
    print(f"{question}\n   {ids.shape[1]} tokens in; the model says: {answer!r}\n   {groundedness(answer, {name: text for name, text, _ in found})}")

# %% [markdown]
# **Reconcile.** A prompt asks; it cannot make a model able. The tiny decoder has never seen an answer, a citation or a bicycle, and no wording will help: rung two of the ladder ends where the model's own abilities end. The check notices at once, because it does not need to understand.

# %% [markdown]
# ## 5 · Fine-tune: change the weights, a little
#
# Now the forum. Facts can be looked up; *what does this writer want?* stands on no page. It is a habit of reading, and we have 756 examples of it. That is what fine-tuning is for.
#
# Training every weight of a model costs, besides the weights, a gradient and two numbers of AdamW's for each (lesson 05). **[LoRA](docs/glossary.md#lora)** (low-rank adaptation, 2021) freezes a matrix $W$ and learns only what is *added* to it, as a product of two thin matrices:
#
# $$y = W x + b + \frac{\alpha}{r}\, B A\, x, \qquad A: [r, \text{in}], \quad B: [\text{out}, r], \qquad r \ll \text{in}, \text{out}$$
#
# $B$ starts at zero and $A$ at random. So at the first step nothing has changed, which is the point: the model begins as good as it was. (Were both zero, neither would ever get a gradient.) The factor $\alpha / r$ keeps the size of the change about the same when you try another $r$.
#
# ### Exercise 5.1 · LoRA
# ●●●○○ · 20 minutes · 9 points
#
# Write the class `LoRALinear(linear, r, alpha)` and the function `merge`.
#
# - The layer keeps the `nn.Linear` it is given as `self.linear`, and freezes it (weight and bias). `self.A` [r, in] and `self.B` [out, r] are parameters on the same device and of the same dtype; `A` as `nn.Linear` would start it (`nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))`), `B` zero.
# - `forward(x)`: x [..., in] → [..., out]. Multiply from the right: $BA$ is as large as $W$, and is not formed here.
# - `merge(layer)` returns a **new** `nn.Linear` with the weight $W + \frac{\alpha}{r} BA$ and the same bias (or none). The layer that it was made from stays as it is: you may want to train on.

# %% exercise="lora"
# exercise: lora
class LoRALinear(nn.Module):
    """A frozen nn.Linear (`linear`) with a trained change of rank r beside it (`A` [r, in], `B` [out, r])."""

    def __init__(self, linear: nn.Linear, r: int, alpha: float):
        super().__init__()
        ### BEGIN SOLUTION
        self.linear = linear.requires_grad_(False)
        self.A = nn.Parameter(linear.weight.new_empty(r, linear.in_features))
        self.B = nn.Parameter(linear.weight.new_zeros(linear.out_features, r))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))
        self.scale = alpha / r
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: [..., in]. Returns: [..., out]."""
        ### BEGIN SOLUTION
        return self.linear(x) + x @ self.A.T @ self.B.T * self.scale
        ### END SOLUTION


def merge(layer: LoRALinear) -> nn.Linear:
    """A new nn.Linear that computes what the layer computes."""
    ### BEGIN SOLUTION
    old = layer.linear
    new = nn.Linear(old.in_features, old.out_features, bias=old.bias is not None, device=old.weight.device, dtype=old.weight.dtype)
    with torch.no_grad():
        new.weight.copy_(old.weight + layer.scale * layer.B @ layer.A)
        if old.bias is not None:
            new.bias.copy_(old.bias)
    return new
    ### END SOLUTION

# %% check="lora" points=3
plain, x = nn.Linear(6, 4), torch.randn(5, 6)
weight, bias = plain.weight.detach().clone(), plain.bias.detach().clone()
layer = LoRALinear(plain, 2, 8.0)
check.shape(layer.A, (2, 6), axes="rank in", of="A")
check.shape(layer.B, (4, 2), axes="out rank", of="B")
with torch.no_grad():
    check.close(layer(x), F.linear(x, weight, bias), of="the output before any training, beside the wrapped layer's", hint="nothing has changed yet: B starts at zero")
check.parameter_count(layer, 2 * (6 + 4), trainable=True)
### BEGIN HIDDEN TESTS
check.that(layer.A.abs().max().item() > 0.01, expected="A random at the start", got="yours is zero: with A and B both zero neither ever gets a gradient")
for r, alpha, bias in ((2, 8.0, True), (3, 3.0, False), (5, 1.0, True)):
    plain, x, a, b = nn.Linear(7, 4, bias=bias), torch.randn(2, 3, 7), torch.randn(r, 7), torch.randn(4, r)
    weight, shift = plain.weight.detach().clone(), plain.bias.detach().clone() if bias else None
    layer = LoRALinear(plain, r, alpha)
    check.parameter_count(layer, r * 11, trainable=True)
    with torch.no_grad():
        layer.A.copy_(a)
        layer.B.copy_(b)
        base, change = F.linear(x, weight, shift), x @ a.T @ b.T
        check.close(layer(x), base + alpha / r * change, atol=1e-5, rtol=1e-4, of=f"the output at r = {r}, alpha = {alpha}, for x of three axes", suspects={
            "is the factor alpha / r in it?": base + change, "alpha, but over r": base + alpha * change, "r / alpha, the wrong way round": base + r / alpha * change,
            "where is the frozen layer?": alpha / r * change})
### END HIDDEN TESTS

# %% check="lora" part="gradients" points=2
plain, x = nn.Linear(6, 4), torch.randn(5, 6, requires_grad=True)
layer = LoRALinear(plain, 2, 4.0)
with torch.no_grad():
    layer.B.copy_(torch.randn(4, 2))
layer(x).square().sum().backward()
wrapped = [name for name, parameter in layer.named_parameters() if parameter.requires_grad and name not in ("A", "B")]
check.equal(wrapped, [], of="trained parameters besides A and B", hint="the wrapped layer is frozen: weight and bias")
### BEGIN HIDDEN TESTS
a, b, inside = layer.A.detach().clone().requires_grad_(), layer.B.detach().clone().requires_grad_(), x.detach().clone().requires_grad_()
F.linear(inside, layer.linear.weight.detach(), layer.linear.bias.detach()).add(2.0 * inside @ a.T @ b.T).square().sum().backward()
check.gradient(layer.A.grad, a.grad, rtol=1e-4, atol=1e-4, of="of A")
check.gradient(layer.B.grad, b.grad, rtol=1e-4, atol=1e-4, of="of B")
check.gradient(x.grad, inside.grad, rtol=1e-4, atol=1e-4, of="of x, which must get down to the layers below", hint="frozen means no gradient for W, not none through W")
check.that(layer.linear.weight.grad is None and layer.linear.bias.grad is None, expected="no gradient in the wrapped layer", got="yours has one")
### END HIDDEN TESTS

# %% check="lora" part="merge" points=2
plain, x = nn.Linear(6, 4), torch.randn(5, 6)
layer = LoRALinear(plain, 2, 6.0)
with torch.no_grad():
    layer.B.copy_(torch.randn(4, 2))
    weight, before = layer.linear.weight.clone(), layer(x)
    merged = merge(layer)
    check.that(torch.equal(layer.linear.weight, weight), expected="the LoRA layer left as it was", got="your merge was written into the wrapped layer: from now on its change counts twice")
    check.close(merged(x), before, atol=1e-5, rtol=1e-4, of="the merged layer's output, beside the layer's")
### BEGIN HIDDEN TESTS
    check.close(layer(x), before, of="the LoRA layer's own output after the merge", hint="it stays as it is")
check.that(type(merged) is not type(layer) and isinstance(merged, nn.Linear), expected="a plain nn.Linear", got="yours is something else")
check.equal(sorted(merged.state_dict()), ["bias", "weight"], of="what the merged layer holds")
layer = LoRALinear(nn.Linear(3, 5, bias=False), 1, 2.0)
with torch.no_grad():
    layer.B.fill_(0.5)
merged = merge(layer)
check.equal(sorted(merged.state_dict()), ["weight"], of="what a merged layer without a bias holds", hint="no bias stays no bias")
check.close(merged.weight.detach(), layer.linear.weight.detach() + 2.0 * layer.B.detach() @ layer.A.detach(), of="the merged weight at r = 1, alpha = 2", atol=1e-5, rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **Against the library.** `peft` is what everybody uses. The same weights into both, and the same numbers must come out.

# %% check="lora" part="peft" points=2
from peft import LoraConfig, get_peft_model

net = nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3))
mine = LoRALinear(nn.Linear(12, 8), 4, 6.0)
theirs = get_peft_model(net, LoraConfig(r=4, lora_alpha=6.0, target_modules=["0"]))
inside = theirs.base_model.model[0]
with torch.no_grad():
    mine.B.copy_(torch.randn(8, 4))
    for to, source in ((inside.base_layer.weight, mine.linear.weight), (inside.base_layer.bias, mine.linear.bias),
                       (inside.lora_A["default"].weight, mine.A), (inside.lora_B["default"].weight, mine.B)):
        to.copy_(source)
    x = torch.randn(9, 12)
    check.close(mine(x), inside(x), atol=1e-5, rtol=1e-4, of="your layer's output beside PEFT's with the same weights", hint="lora_alpha / r")
### BEGIN HIDDEN TESTS
check.equal(sum(p.numel() for p in mine.parameters() if p.requires_grad), sum(p.numel() for p in inside.parameters() if p.requires_grad), of="trained numbers beside PEFT's")
mine(x).sin().sum().backward()
inside(x).sin().sum().backward()
check.gradient(mine.A.grad, inside.lora_A["default"].weight.grad, rtol=1e-4, atol=1e-4, of="of A, beside PEFT's")
check.gradient(mine.B.grad, inside.lora_B["default"].weight.grad, rtol=1e-4, atol=1e-4, of="of B, beside PEFT's")
with torch.no_grad():
    check.close(merge(mine).weight.detach(), theirs.merge_and_unload()[0].weight.detach(), atol=1e-5, rtol=1e-4, of="the merged weight beside PEFT's")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 5.2 · Into a model
# ●●●○○ · 12 minutes · 3 points
#
# Write `add_lora(model, names, r, alpha)`. It freezes *everything* in the model, replaces every `nn.Linear` whose **last** name is one of `names` (`"query"` stands for `encoder.layer.0.attention.self.query` in each layer) by a `LoRALinear` around it, and returns the model. If no layer has such a name, it raises a `ValueError`: a typing error that trains
# nothing is the most expensive kind.
#
# <details><summary>Hint: how do I replace a layer inside a model?</summary>
# <code>model.named_modules()</code> gives (dotted name, module) for all; the layer's parent is <code>model.get_submodule(name without its last part)</code>, and <code>setattr(parent, last, new)</code> puts the new one there. Make a list of the modules first: you are changing what you walk through.
# </details>

# %% tags=["fixture"]
class Mixer(nn.Module):
    """Two rounds of attention over [batch, time, width], small enough to count by hand."""

    def __init__(self, width: int, rounds: int):
        super().__init__()
        self.rounds = nn.ModuleList([nn.ModuleDict({name: nn.Linear(width, width) for name in ("query", "key", "value", "out")}) for _ in range(rounds)])
        self.value_head = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: [batch, time, width]. Returns: the same shape."""
        for part in self.rounds:
            weights = (part["query"](x) @ part["key"](x).transpose(1, 2) / x.shape[2] ** 0.5).softmax(2)
            x = x + part["out"](weights @ part["value"](x))
        return self.value_head(x)

# %% exercise="add_lora"
# exercise: add_lora
def add_lora(model: nn.Module, names: tuple[str, ...], r: int, alpha: float) -> nn.Module:
    """The model, frozen, with a LoRALinear around each nn.Linear whose last name is in `names`."""
    ### BEGIN SOLUTION
    model.requires_grad_(False)
    chosen = [name for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and name.rpartition(".")[2] in names]
    if not chosen:
        raise ValueError(f"no linear layer of this model is called {' or '.join(names)}")
    for name in chosen:
        above, _, last = name.rpartition(".")
        setattr(model.get_submodule(above), last, LoRALinear(model.get_submodule(name), r, alpha))
    return model
    ### END SOLUTION


def adapted_mixer(width: int, rounds: int, weights: dict, names: tuple[str, ...], r: int, alpha: float) -> nn.Module:
    """A Mixer with these weights, after your add_lora. (Given: the checks make their models with it.)"""
    model = Mixer(width, rounds)
    model.load_state_dict(weights)
    return add_lora(model, names, r, alpha)

# %% check="add_lora" points=3
plain, x = Mixer(8, 2), torch.randn(2, 5, 8)
with torch.no_grad():
    before = plain(x)
adapted = adapted_mixer(8, 2, plain.state_dict(), ("query", "value"), 2, 4.0)
check.parameter_count(adapted, 2 * 2 * 2 * (8 + 8), trainable=True)
with torch.no_grad():
    check.close(adapted(x), before, of="the model's output right after add_lora", hint="B is zero: nothing may have changed")
### BEGIN HIDDEN TESTS
trained = sorted(name for name, parameter in adapted.named_parameters() if parameter.requires_grad)
check.equal(trained, sorted(f"rounds.{n}.{name}.{matrix}" for n in range(2) for name in ("query", "value") for matrix in "AB"), of="the names of what is trained",
            hint="everything else is frozen, and only layers whose last name is among the names are replaced")
adapted(x).square().sum().backward()
check.that(all(p.grad is not None for n, p in adapted.named_parameters() if n.endswith(".B")), expected="a gradient in each B", got="yours has none in some")
check.raises(ValueError, lambda: adapted_mixer(8, 2, plain.state_dict(), ("querry",), 2, 4.0), of="a name that no layer has")
other, y = Mixer(4, 1), torch.randn(3, 6, 4)
with torch.no_grad():
    was = other(y)
    small = adapted_mixer(4, 1, other.state_dict(), ("out",), 1, 1.0)
    check.close(small(y), was, of="another model's output right after add_lora", hint="the wrapped layers keep their weights")
check.parameter_count(small, 8, trainable=True)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 5.3 · What does it save?
# ●●●●○ · 15 minutes · 5 points
#
# "One per cent of the parameters, so one per cent of the cost." You know by now to ask: the cost of *what*? Take one linear layer without a bias, somewhere in the middle of a model (layers below it are trained, too). It sees `tokens` rows, in float32, and is trained with AdamW.
#
# Write `lora_bill(tokens, d_in, d_out, r)`. It returns two dicts, `{"full": {...}, "lora": {...}}`, each with
#
# | entry | |
# |---|---|
# | `"flops"` | of forward and backward: a product of [m, k] and [k, n] is 2·m·k·n; sums and the factor α/r do not count |
# | `"weights"` | bytes of all weights, frozen ones too |
# | `"gradients"` | bytes of gradients of the weights |
# | `"states"` | bytes of AdamW's two numbers for each trained weight |
# | `"kept"` | bytes of activations that autograd keeps for the backward pass; weights themselves are kept anyway and do not count |
#
# <details><summary>Hint: which products?</summary>
# Full: forward, gradient of W, gradient of x. Frozen W: forward and the gradient of x are left. A and B are two ordinary, thin layers: three products each. The gradient of x through A is one of them.
# </details>
# <details><summary>Hint: what is kept?</summary>
# A product's weight gradient needs the product's input. Whose weight gradients are asked for, and what are their inputs?
# </details>

# %% exercise="lora_bill"
# exercise: lora_bill
def lora_bill(tokens: int, d_in: int, d_out: int, r: int) -> dict[str, dict[str, int]]:
    """FLOPs and bytes of one layer in training, with all of it trained and with LoRA."""
    ### BEGIN SOLUTION
    whole, thin = d_in * d_out, r * (d_in + d_out)
    full = {"flops": 6 * tokens * whole, "weights": 4 * whole, "gradients": 4 * whole, "states": 8 * whole, "kept": 4 * tokens * d_in}
    lora = {"flops": 4 * tokens * whole + 6 * tokens * thin, "weights": 4 * (whole + thin), "gradients": 4 * thin, "states": 8 * thin, "kept": 4 * tokens * (d_in + r)}
    return {"full": full, "lora": lora}
    ### END SOLUTION

# %% tags=["fixture"]
def measured_bill(layer: nn.Module, tokens: int, d_in: int) -> dict[str, int]:
    """The same entries, measured: the FLOP counter of lesson 04, the saved tensors of lesson 05, and AdamW's own state."""
    x = torch.randn(tokens, d_in, requires_grad=True)
    weights, kept = {p.untyped_storage().data_ptr() for p in layer.parameters()}, {}

    def keep(tensor):
        if tensor.untyped_storage().data_ptr() not in weights:
            kept[tensor.untyped_storage().data_ptr()] = tensor.nbytes, tensor
        return tensor

    trained = [p for p in layer.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained)
    with FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            y = layer(x)
        y.backward(torch.ones_like(y))
    optimizer.step()
    states = sum(value.nbytes for state in optimizer.state.values() for value in state.values() if torch.is_tensor(value) and value.ndim)
    return {"flops": counter.get_total_flops(), "weights": sum(p.nbytes for p in layer.parameters()), "gradients": sum(p.grad.nbytes for p in trained),
            "states": states, "kept": sum(size for size, _ in kept.values())}

# %% check="lora_bill" points=5
bill = lora_bill(64, 48, 32, 4)
check.equal(sorted(bill), ["full", "lora"], of="the two ways")
full = measured_bill(nn.Linear(48, 32, bias=False), 64, 48)
check.each(bill["full"], full, of="all of it trained", hint={"flops": "three products of the same size", "kept": "the weight's gradient needs the layer's input"})
### BEGIN HIDDEN TESTS
from peft import LoraConfig, get_peft_model

for tokens, d_in, d_out, r in ((64, 48, 32, 4), (200, 24, 96, 8), (10, 30, 30, 1)):
    bill = lora_bill(tokens, d_in, d_out, r)
    check.each(bill["full"], measured_bill(nn.Linear(d_in, d_out, bias=False), tokens, d_in), of=f"all trained, {d_in} → {d_out}")
    layer = get_peft_model(nn.Sequential(nn.Linear(d_in, d_out, bias=False)), LoraConfig(r=r, lora_alpha=2 * r, target_modules=["0"])).base_model.model[0]
    check.each(bill["lora"], measured_bill(layer, tokens, d_in), of=f"LoRA of rank {r}, {d_in} → {d_out}", hint={
        "flops": "the gradient must get through the frozen W: two products of its size are left, and three for each thin one", "weights": "the frozen ones are there, too",
        "gradients": "of A and B only", "states": "two numbers for each trained weight", "kept": "A's gradient needs x all the same, and B's needs A·x"})
### END HIDDEN TESTS

# %% tags=["demo"]
bill = lora_bill(16 * 512, 4096, 4096, 8)
measured = measured_bill(nn.Linear(64, 64, bias=False), 256, 64), measured_bill(LoRALinear(nn.Linear(64, 64, bias=False), 8, 16), 256, 64)
predicted = lora_bill(256, 64, 64, 8)
print("a small layer, measured with your own LoRALinear:", "equal" if (predicted["full"], predicted["lora"]) == measured else measured)
print(f"\n{'one layer of a 7B model':24} {'full':>14} {'LoRA, r = 8':>14} {'LoRA / full':>12}")
for entry in bill["full"]:
    print(f"{entry:24} {bill['full'][entry]:14,} {bill['lora'][entry]:14,} {bill['lora'][entry] / bill['full'][entry]:12.4f}")

# %% [markdown]
# **Reconcile.** Gradients and states: 0.4 %, as promised. FLOPs: two thirds. Weights: the same and a little more. And the activations, which in lesson 05 were the largest account of all: not one byte less. LoRA saves what belongs to *trained weights*. It does not make the model smaller, and it does not make the batch smaller.

# %% [markdown]
# ### Exercise 5.4 · Fine-tune the encoder
# ●●●●○ · 20 minutes · 9 points
#
# Three ways to train the same encoder with a head for two classes (`classifier()` makes a fresh one: the encoder pretrained, the head random):
#
# | way | what is trained |
# |---|---|
# | `"head"` | the head alone (`model.classifier`) |
# | `"lora"` | the head, and LoRA with `RANK` and `ALPHA` beside `query` and `value` of each layer |
# | `"full"` | everything |
#
# (Between encoder and head stands the pooler, a layer that reads `[CLS]` alone. It is as new as the head, as you saw in lesson 08, and in the first two ways it stays as random as it came.)
#
# 1. `prepare(way)` returns such a model. An unknown way is a `ValueError`.
# 2. `finetune(model, data, epochs, lr, batch)` trains what has `requires_grad`, with AdamW, and returns the list of losses, one a step. In training mode (there is dropout); each epoch sees every row once, in a new random order; the learning rate **falls linearly**: step $s$ of $S$ in all, counted from 0, is made with $lr \cdot (1 - s / S)$.
#
# `data` is a dict of tensors with a row for each post: `input_ids` and `attention_mask` [N, 48], `labels` [N]. `model(input_ids=…, attention_mask=…)` returns something with `.logits` [batch, 2]; the loss is `F.cross_entropy`.

# %% tags=["fixture"]
tokenizer = AutoTokenizer.from_pretrained(hub.encoder)
RANK, ALPHA = 8, 16.0


def classifier() -> nn.Module:
    """The pretrained encoder with a random head for two classes."""
    return AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=2).to(device)


def encoded(posts: list[dict]) -> dict[str, torch.Tensor]:
    """input_ids and attention_mask [posts, 48], labels [posts]."""
    batch = tokenizer([post["text"] for post in posts], padding="max_length", truncation=True, max_length=48, return_tensors="pt")
    labels = torch.tensor([post["label"] for post in posts])
    return {"input_ids": batch["input_ids"].to(device), "attention_mask": batch["attention_mask"].to(device), "labels": labels.to(device)}


TRAIN, VALIDATION = encoded(TRAIN_POSTS), encoded(CHECK_POSTS)


def accuracy(model: nn.Module, data: dict[str, torch.Tensor]) -> float:
    """Share of the rows that the model puts into the right class."""
    model.eval()
    with torch.no_grad():
        logits = model(input_ids=data["input_ids"], attention_mask=data["attention_mask"]).logits
    return (logits.argmax(1) == data["labels"]).double().mean().item()

# %% tags=["fixture"]
class Spy(nn.Module):
    """Stands in for a classifier: notes which rows it is given and in which mode, and has one number to train, which every step wants larger."""

    def __init__(self):
        super().__init__()
        self.number = nn.Parameter(torch.zeros(()))
        self.rows, self.modes = [], []

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> "Spy.Out":
        """input_ids: [batch, 1], the number of the row. The logits [batch, 2] are 0 and the number."""
        self.rows.append(input_ids[:, 0].tolist())
        self.modes.append(self.training)
        return Spy.Out(torch.stack([torch.zeros(len(input_ids)), self.number.expand(len(input_ids))], dim=1))

    class Out:
        """What a model of transformers returns: an object with logits."""

        def __init__(self, logits: torch.Tensor):
            self.logits = logits

# %% exercise="finetune"
# exercise: finetune
def prepare(way: str) -> nn.Module:
    """A fresh classifier in which the head, head and LoRA, or everything is trained."""
    ### BEGIN SOLUTION
    model = classifier()
    if way == "lora":
        add_lora(model, ("query", "value"), RANK, ALPHA)
    elif way == "head":
        model.requires_grad_(False)
    elif way != "full":
        raise ValueError(f"no way called {way!r}: there are head, lora and full")
    model.classifier.requires_grad_(True)
    return model
    ### END SOLUTION


def finetune(model: nn.Module, data: dict[str, torch.Tensor], epochs: int, lr: float, batch: int = 32) -> list[float]:
    """Trains what has requires_grad; the rate falls linearly to 0. Returns: the loss of each step."""
    ### BEGIN SOLUTION
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=lr)
    rows, losses = len(data["labels"]), []
    steps = epochs * math.ceil(rows / batch)
    for _ in range(epochs):
        for part in torch.randperm(rows).split(batch):
            optimizer.param_groups[0]["lr"] = lr * (1 - len(losses) / steps)
            logits = model(input_ids=data["input_ids"][part], attention_mask=data["attention_mask"][part]).logits
            loss = F.cross_entropy(logits, data["labels"][part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
    ### END SOLUTION


def watched(rows: int, epochs: int, lr: float, batch: int) -> tuple[list[float], Spy]:
    """What your finetune returns and does with a Spy in the model's place. (Given: the checks look at it.)"""
    spy = Spy().eval()
    data = {"input_ids": torch.arange(rows)[:, None], "attention_mask": torch.ones(rows, 1), "labels": torch.ones(rows, dtype=torch.long)}
    return finetune(spy, data, epochs, lr, batch), spy

# %% check="finetune" points=3
torch.manual_seed(5)
whole = sum(p.numel() for p in classifier().parameters())
width, depth = classifier().config.hidden_size, classifier().config.num_hidden_layers
head, beside = 2 * width + 2, depth * 2 * RANK * 2 * width
counts = {way: sum(p.numel() for p in prepare(way).parameters() if p.requires_grad) for way in ("head", "lora", "full")}
check.equal(counts["lora"], head + beside, of="trained parameter count of the way “lora”", suspects={
    "only the head is trained: where are A and B of each query and value?": head, "is the head trained, too? It is random, and frozen it stays random": beside,
    "is the encoder frozen?": whole + beside, "is everything trained, and nothing added?": whole})
check.equal(counts["head"], head, of="trained parameter count of the way “head”")
check.equal(counts["full"], whole, of="trained parameter count of the way “full”")
### BEGIN HIDDEN TESTS
check.raises(ValueError, lambda: prepare("qlora"), of="an unknown way")
model = prepare("lora")
trained = {name.rpartition(".")[0].rpartition(".")[2] for name, p in model.named_parameters() if p.requires_grad}
check.equal(sorted(trained), ["classifier", "query", "value"], of="the layers in which something is trained")
### END HIDDEN TESTS

# %% check="finetune" part="steps" points=2
# AdamW moves a number whose gradient stays the same by the learning rate in each step: so the sum of all rates can be read off.
count = 20
losses, spy = watched(count, 3, 1e-4, 8)
seen, modes = [list(rows) for rows in spy.rows], list(spy.modes)
check.equal([len(rows) for rows in seen], [8, 8, 4] * 3, of="rows in each of 9 steps")
check.close(losses[0], math.log(2), rtol=1e-3, of="the first loss, before any step", hint="the loss of the batch, as a plain number")
### BEGIN HIDDEN TESTS
check.equal(len(losses), 9, of="losses for 9 steps")
epochs = [sum(seen[3 * n : 3 * n + 3], []) for n in range(3)]
check.equal([sorted(rows) for rows in epochs], [list(range(count))] * 3, of="the rows of each epoch, sorted", hint="each epoch sees every row once")
check.that(epochs[0] != epochs[1] and epochs[0] != list(range(count)), expected="a new random order in each epoch", got="yours is the same again, or the file's own")
check.that(all(modes), expected="training mode", got="your model is trained in eval mode: who calls model.train()?")
moved, total = spy.number.item(), 9
check.close(moved, 1e-4 * (total + 1) / 2, rtol=0.02, atol=0, of="the sum of nine learning rates from 1e-4 down", suspects={
    "the rate does not fall": 1e-4 * total, "the first step is made with the whole rate: s counts from 0": 1e-4 * (total - 1) / 2,
    "does the rate fall step by step, or epoch by epoch?": 1e-4 * 3 * (1 + 2 / 3 + 1 / 3), "is a step missing?": 0.0})
### END HIDDEN TESTS

# %% check="finetune" part="learns" points=4
torch.manual_seed(11)
model = prepare("lora")
frozen = {name: p.detach().clone() for name, p in model.named_parameters() if not p.requires_grad}
losses = finetune(model, TRAIN, 2, 1e-2)
# over 32 seeds the reference began at 0.68 to 0.73 and ended at 0.20 to 0.46 (mean 0.30)
check.curve(losses, start=math.log(2), length=2 * 24, below=0.62)
### BEGIN HIDDEN TESTS
with torch.no_grad():
    for name, p in model.named_parameters():
        check.that(name not in frozen or torch.equal(p, frozen[name]), expected=f"{name} frozen", got="yours has changed")
state, merged = {name: tensor.detach() for name, tensor in model.state_dict().items()}, {}
for name, tensor in state.items():
    base, _, last = name.rpartition(".")
    if base.endswith(".linear"):
        wrap = base.removesuffix(".linear")
        merged[f"{wrap}.{last}"] = tensor + (ALPHA / RANK * state[f"{wrap}.B"] @ state[f"{wrap}.A"] if last == "weight" else 0)
    elif last not in ("A", "B"):
        merged[name] = tensor
referee = classifier().eval()
referee.load_state_dict(merged)
few = {key: VALIDATION[key][:8] for key in ("input_ids", "attention_mask")}
model.eval()
with torch.no_grad():
    check.close(model(**few).logits, referee(**few).logits, rtol=1e-3, atol=1e-3, of="what the trained model computes, beside transformers' own with the merged weights", hint="is LoRA all that was added?")
test = encoded([json.loads(line) for line in lesson.data("held_out/advice-or-venting/test.jsonl").read_text(encoding="utf-8").splitlines()])
share = accuracy(referee, test)
# over the same seeds 0.756 to 0.845 (mean 0.804, deviation 0.02); the head alone has 0.63
check.that(share > 0.69, expected="an accuracy above 0.69 on held-out posts", got=f"yours is {share:.3f}", hint="did it learn the posts by heart, or is the head not trained?")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** before you run it: trained numbers, seconds and held-out accuracy of the three ways, in order. (Each way has the rate that suits it: thousands of small numbers want larger steps than millions.)

# %% tags=["demo"]
RATES, EPOCHS, results = {"head": 1e-2, "lora": 1e-2, "full": 1e-3}, 2, {}
fig, ax = plt.subplots(figsize=(7, 3))
for way, color in (("head", "#E69F00"), ("lora", "#0072B2"), ("full", "#009E73")):
    torch.manual_seed(SEED)
    model, began = prepare(way), time.perf_counter()
    losses = finetune(model, TRAIN, EPOCHS, RATES[way])
    took = time.perf_counter() - began
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    results[way] = trained, took, losses[-1], accuracy(model, TRAIN), accuracy(model, VALIDATION)
    smooth = [sum(losses[max(0, n - 7) : n + 1]) / len(losses[max(0, n - 7) : n + 1]) for n in range(len(losses))]
    ax.plot(losses, color=color, alpha=0.25, lw=1, ls="-")
    ax.plot(smooth, color=color, label=way, ls="-")
ax.axhline(math.log(2), color="#666666", linestyle=":", label="knows nothing")
ax.set(xlabel="step", ylabel="cross-entropy", title="Three ways to train one encoder")
ax.legend(ncols=4, fontsize=8)
lesson.show(fig, alt="Training losses of head, LoRA and full fine-tuning: validation accuracies " + ", ".join(f"{way} {result[4]:.2f}" for way, result in results.items()) + ".")
print(f"{'way':6} {'trained':>10} {'seconds':>8} {'on training posts':>18} {'on validation posts':>20}")
for way, (trained, took, _, seen, unseen) in results.items():
    print(f"{way:6} {trained:10,} {took:8.1f} {seen:18.3f} {unseen:20.3f}")

# %% tags=["demo"]
fifteen = LogisticRegression(C=10, max_iter=2000).fit(embed_encoder([post["text"] for post in TRAIN_POSTS]), [post["label"] for post in TRAIN_POSTS])
guesses = fifteen.predict(embed_encoder([post["text"] for post in CHECK_POSTS]))
print(f"lesson 08's fifteen lines, the same encoder frozen, the mean of all tokens: {sum(guess == post['label'] for guess, post in zip(guesses, CHECK_POSTS)) / len(CHECK_POSTS):.3f}")

# %% [markdown]
# **Reconcile** (the numbers are those of the course's own encoder). The head alone hardly leaves the coin, and yet the same frozen encoder is far better in the fifteen lines of lesson 08. It is not blind, the head looks in the wrong place: it sees `[CLS]` alone, through a random pooler, where those take the mean of all tokens. LoRA can move what arrives at `[CLS]`. It trains 1.4 % of the numbers and comes out where full training does. But its *seconds* are not 1.4 %: two passes instead of three, as you counted, and the small products are slow for
# their size. What it saves here is what nobody lacks, memory. For seven billion parameters it is another matter: 16 bytes for each trained number are 112 GB, and 2 for each frozen one are 14 GB (lesson 05).
#
# And the baseline? Counting words has 0.889 on the same 126 posts, in a blink. None of the three ways is better than that *here*. The encoder is small and has read little. The same `prepare` and `finetune` with all-MiniLM-L6-v2 in its place (22.7 million parameters) reached 0.937 on these posts and 0.935 on the held-out ones, in one run of half a minute on one core (the data set's card, in lesson 08, had 0.960 for three epochs of all its weights): a pretrained model is worth what it has read. And even 0.937 is only one and a half standard errors above counting words.

# %% written="compare_ways" points=3
# **Reconcile** (6 minutes · 3 points). Compare the three ways in your own run: trained numbers, seconds, accuracy. Which differences are larger than the standard error of an accuracy on 126 posts (about 0.03), and which are not? Does any of the three beat counting words (section 1), and which would you ship?
#
# ### BEGIN SOLUTION
# Quotes the three rows; says that seconds follow the passes (head: forward alone; LoRA about two thirds of full, plus overhead), not the trained numbers; compares accuracies with 0.03 and draws no conclusion from smaller differences; compares with about 0.89 for counting words, and ships the cheapest that is not clearly worse: where the encoder does not beat counting words, counting words. Three points: the numbers, the
# standard error used, and a decision that follows from them; one point less for each that is missing.
# ### END SOLUTION

# %% [markdown]
# ## 6 · Decide
#
# ### Exercise 6.1 · The cheapest that works
# ●●●○○ · 12 minutes · 5 points
#
# Write `decide(job)`. It returns two words, the tool and the reason. The first rule that fits decides. Nothing in it is an opinion: every condition is something that you can *measure* in an afternoon, before you build.
#
# | | tool | reason |
# |---|---|---|
# | a hand-written rule reaches the target: `"rule"` ≥ `"target"` (accuracies) | `"rule"` | `"enough"` |
# | the answers stand in documents (`"document_tokens"` > 0), all of which fit into what the model reads at once (`"reads"`), and a month of it is within `"dollars"` | `"prompt"` | `"fits"` |
# | the answers stand in documents | `"retrieve"` | `"documents"` |
# | a prompt reaches the target (`"prompted"` ≥ `"target"`), and a month of it is within `"dollars"` | `"prompt"` | `"works"` |
# | there are at least 300 labelled `"examples"` | `"fine-tune"` | `"examples"` |
# | else: begin with a prompt, and keep what people correct | `"prompt"` | `"collect"` |
#
# A month costs `"calls"` · (tokens in · `IN_PRICE` + `"tokens_out"` · `OUT_PRICE`) dollars. Tokens in are `"tokens_in"`, and where all documents go into the prompt, `"document_tokens"` on top; these two together must fit into `"reads"`. "Within" and "fits" include exactly full. The twelve jobs are invented, their accuracies with them; imagine that somebody measured each on a hundred cases.

# %% tags=["fixture"]
IN_PRICE, OUT_PRICE = lesson.fact("api_small_in").number, lesson.fact("api_small_out").number  # dollars a token
USUAL = {"target": 0.9, "rule": 0.5, "prompted": 0.6, "document_tokens": 0, "reads": 8000, "tokens_in": 200, "tokens_out": 20, "calls": 3000, "dollars": 50.0, "examples": 0}
JOBS = {
    "postcodes": {"rule": 0.998, "target": 0.99, "prompted": 0.97, "examples": 5000},          # find the postcodes in letters
    "binder, own model": {"document_tokens": 12_000, "reads": 2048, "calls": 170},             # Ragna's telephone, a small model in the house
    "binder, hosted": {"document_tokens": 12_000, "reads": 128_000, "calls": 170},             # the same, with a model that reads all of it
    "hospital": {"document_tokens": 5_000_000, "reads": 128_000, "calls": 20_000, "examples": 900},  # 500 PDFs, ten revised a month
    "one leaflet, a million calls": {"document_tokens": 6000, "calls": 1_000_000},             # fits, and is paid for a million times
    "mood": {"prompted": 0.93},                                                                # is this review angry?
    "mood, ten million": {"prompted": 0.93, "calls": 10_000_000, "examples": 4000},            # the same for every message of a large shop
    "advice or venting": {"rule": 0.73, "prompted": 0.82, "examples": 756},                    # the café's forum
    "house style": {"prompted": 0.4, "examples": 1200, "tokens_in": 800, "tokens_out": 600},   # letters that sound like this office
    "new and rare": {"prompted": 0.5, "examples": 40},                                         # a fault code that came up last week
    "question mark": {"rule": 0.9, "prompted": 0.95},                                          # route what ends in a question mark
    "price list": {"document_tokens": 900, "tokens_in": 100, "calls": 50_000, "dollars": 10.0},  # what does a slider cost? (asked on a website)
}
JOBS = {name: {**USUAL, **job} for name, job in JOBS.items()}

# %% exercise="decide"
# exercise: decide
def decide(job: dict) -> tuple[str, str]:
    """(tool, reason) for a job with the entries of USUAL. Prices: IN_PRICE and OUT_PRICE, dollars a token."""
    ### BEGIN SOLUTION
    def affordable(tokens_in):
        return job["calls"] * (tokens_in * IN_PRICE + job["tokens_out"] * OUT_PRICE) <= job["dollars"]

    if job["rule"] >= job["target"]:
        return "rule", "enough"
    if job["document_tokens"] > 0:
        everything = job["tokens_in"] + job["document_tokens"]
        return ("prompt", "fits") if everything <= job["reads"] and affordable(everything) else ("retrieve", "documents")
    if job["prompted"] >= job["target"] and affordable(job["tokens_in"]):
        return "prompt", "works"
    return ("fine-tune", "examples") if job["examples"] >= 300 else ("prompt", "collect")
    ### END SOLUTION

# %% check="decide" points=5
check.equal(decide(JOBS["postcodes"]), ("rule", "enough"), of="postcodes")
check.equal(decide(JOBS["mood"]), ("prompt", "works"), of="mood")
### BEGIN HIDDEN TESTS
right = {
    "postcodes": ("rule", "enough"), "binder, own model": ("retrieve", "documents"), "binder, hosted": ("prompt", "fits"), "hospital": ("retrieve", "documents"),
    "one leaflet, a million calls": ("retrieve", "documents"), "mood": ("prompt", "works"), "mood, ten million": ("fine-tune", "examples"),
    "advice or venting": ("fine-tune", "examples"), "house style": ("fine-tune", "examples"), "new and rare": ("prompt", "collect"), "question mark": ("rule", "enough"),
    "price list": ("prompt", "fits"), "exactly what it reads": ("prompt", "fits"), "one token too many": ("retrieve", "documents"), "exactly 300": ("fine-tune", "examples"),
    "exactly the dollars": ("prompt", "works"), "documents and a good rule": ("rule", "enough"), "documents, and many examples": ("retrieve", "documents"),
    "works, too dear, few examples": ("prompt", "collect"), "answers cost as well": ("fine-tune", "examples"),
}
others = {
    "exactly what it reads": {"document_tokens": 7800}, "one token too many": {"document_tokens": 7801}, "exactly 300": {"examples": 300},
    "exactly the dollars": {"prompted": 0.9, "dollars": 3000 * (200 * IN_PRICE + 20 * OUT_PRICE)}, "documents and a good rule": {"document_tokens": 90_000, "rule": 0.95},
    "documents, and many examples": {"document_tokens": 90_000, "prompted": 0.99, "examples": 9000}, "works, too dear, few examples": {"prompted": 0.95, "calls": 9_000_000},
    "answers cost as well": {"prompted": 0.95, "tokens_out": 5000, "calls": 30_000, "examples": 500},
}
table = {**JOBS, **{name: {**USUAL, **job} for name, job in others.items()}}
check.each({name: decide(table[name]) for name in right}, right, hint={
    "postcodes": "the cheapest first", "hospital": "documents come before examples", "one leaflet, a million calls": "it fits, but a month of it is paid a million times",
    "binder, hosted": "all of it fits, and 170 calls cost cents", "mood, ten million": "a prompt works, and a month of it is too dear", "new and rare": "40 examples are too few to train on",
    "question mark": "exactly the target is enough", "exactly what it reads": "tokens_in and the documents together, and exactly full fits", "one token too many": "tokens_in and the documents together",
    "exactly 300": "at least 300", "exactly the dollars": "exactly full fits", "documents and a good rule": "the order of the rules decides", "documents, and many examples": "facts in documents are looked up",
    "works, too dear, few examples": "the last rule", "answers cost as well": "tokens out are paid for, too", "advice or venting": "neither rule nor prompt reaches the target", "price list": "does it fit, and what is a month of it?",
    "binder, own model": "it does not fit", "house style": "enough examples", "mood": "the prompt reaches the target"})
### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Prices of tokens have fallen for years. Which of the twelve jobs gets another tool if they fall to a tenth?

# %% tags=["demo"]
for name, job in JOBS.items():
    tool, reason = decide(job)
    month = job["calls"] * ((job["tokens_in"] + job["document_tokens"]) * IN_PRICE + job["tokens_out"] * OUT_PRICE)
    print(f"{name:30} {tool:10} because: {reason:10} (everything in the prompt: {month:12,.2f} dollars a month)")
later = {name: decide({**job, "dollars": 10 * job["dollars"]}) for name, job in JOBS.items()}
print("at a tenth of the price:", {name: tool for name, (tool, reason) in later.items() if (tool, reason) != decide(JOBS[name])} or "no change")

# %% [markdown]
# **Reconcile.** A price changes the tool only where it was the price that stood in the way. Most of the table asks other things: where the answers stand, what was measured, how many examples there are. Those do not get cheaper by waiting.

# %% written="decide_why" points=3
# **Your judgement** (6 minutes · 3 points). For three of the twelve jobs, of three different tools, write one sentence each: why the tool that your function chose is right, or why you would choose another. Use a number in each, and say for one of them which measurement would change your mind.
#
# ### BEGIN SOLUTION
# Three jobs with three different tools, each with a number from its line and a reason that is more than the table's word. Examples: "postcodes": a rule with 0.998 costs nothing and its failures can be read; a model at 0.97 is worse and dearer. "hospital": 5 million tokens fit no context, ten revisions a month would mean training ten times; I would change my mind if recall at 3 stayed under 0.7 after a better embedding. "advice or
# venting": 0.82 misses the target and 756 examples are enough to train; but counting words reaches 0.889 without any model, so I would try that first. One point for each job; no full points without the measurement that would change the decision.
# ### END SOLUTION

# %% [markdown]
# **Ragna's answer.** The binder is 12,000 tokens and the telephone rings 170 times a month. With a hosted model that reads 128,000 tokens the cheapest tool that works is a *prompt* with the whole binder in it, for less than a dollar. With a small model of her own, in the house, it is *retrieval*. In neither case is it the nephew's
# three weekends. And the forum, where a habit of reading is wanted, is the place where training a little may be right, if it beats counting words.
#
# ## 7 · When it breaks
#
# **1 · A change that counts twice.** Merged, and still running through the layer: `merge` into the wrapped weight, then the detour on top. The loss after merging is worse than before training. Mended: replace the layer by what `merge` returns.

# %% tags=["demo"]
layer, x = LoRALinear(nn.Linear(64, 64), 8, 16.0), torch.randn(100, 64)
with torch.no_grad():
    layer.B.normal_(std=0.1)
    right, merged = layer(x), merge(layer)
    layer.linear.weight.copy_(merged.weight)
    print(f"merged in place, detour still there: off by {(layer(x) - right).abs().max():.2f}; the new layer in its place: off by {(merged(x) - right).abs().max():.1e}")

# %% [markdown]
# **2 · Nothing is trained.** A name misspelt, everything frozen: the loss is flat (lesson 03), or there is no gradient at all. Mended: count the trained parameters before the first step, every time.

# %% tags=["demo"]
model = classifier().requires_grad_(False)
try:
    F.cross_entropy(model(input_ids=TRAIN["input_ids"][:4], attention_mask=TRAIN["attention_mask"][:4]).logits, TRAIN["labels"][:4]).backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")
print("trained:", sum(p.numel() for p in model.parameters() if p.requires_grad), " mended:", sum(p.numel() for p in prepare("lora").parameters() if p.requires_grad))

# %% [markdown]
# **3 · Two embeddings, one index.** The index was built with one embedding, and the question is turned into a vector with another (a new version, another model). If the widths differ you are lucky: an error. If they agree, you get neighbours, quickly, of nothing. Mended: keep the embedding's name and revision beside the index, and one question with a known answer
# that is asked at every start.

# %% tags=["demo"]
asked = embed_words(["Where do we gather if there is a fire alarm?"])[0]
generator = torch.Generator().manual_seed(SEED)
shuffled = torch.randperm(len(COLUMN), generator=generator)
index = build_index(embed_words([page["text"] for page in PASSAGES]))
for name, vector in (("the same embedding", asked), ("its columns in another order", asked[shuffled])):
    row, cosine = nearest(index, vector, 1)[0]
    print(f"{name:30} {PASSAGES[row]['title']:40} cosine {cosine:.2f}")

# %% [markdown]
# **4 · The test set in the prompt.** Few-shot examples taken from the very posts on which the prompt is measured: a splendid accuracy, and nothing in it. Mended in exercise 2.1; and in general by keeping what you measure on in a file that the prompt's author cannot see.

# %% quiz="quiz_2" points=5

# %% lab="lab_2" points=3

# %% [markdown]
# ## Your recommendation
#
# Ragna has read none of this. She has two decisions to make, on the telephone and on the forum, and ten minutes.

# %% written="recommend" points=4
# **Write to Ragna** (10 minutes · 4 points), at most 150 words and without a technical term that you do not explain: which tool for the telephone, which for the forum, what each costs a month, how she will notice that it has become worse, and what she must *not* do. At least three of your sentences rest on a number that you measured in this notebook.
#
# ### BEGIN SOLUTION
# The telephone: the whole binder in the prompt of a hosted model (cents a month) or a search that quotes the page with its id, with a refusal when nothing is near; recall at 3 of about 0.55 by words means that every second question still needs her, and the held-out questions are the monthly check. The forum: counting words (0.89) or the fine-tuned encoder if it is measurably better, a mark and no automatic reply; fifty posts a month labelled by
# a volunteer show whether it has become worse. Not: train the binder into a model. Four points: both decisions, costs, a check that can fail, three numbers from the own run, readable; one point less for each that is missing.
# ### END SOLUTION

# %% [markdown]
# ## Takeaways
#
# - **The cheapest that works**: rule, prompt, retrieval, fine-tuning. "Works" is a number that you have before you build: exact match, recall at k, accuracy on what nobody has seen.
# - **Prompt** for what the model can do already; examples show the form, and are paid for at every call.
# - **Retrieve** what stands in documents. Chunks overlap and lose nothing; cosine is the inner product of unit vectors; the nearest is always something, so refuse below a floor.
# - **Cite**, and check the citations: ids that exist, numbers that stand in the cited source. A net with holes, for every answer.
# - **Fine-tune** a habit, not facts. LoRA: freeze $W$, learn $\frac{\alpha}{r} BA$, start at zero, merge into a new layer at the end.
# - **What LoRA saves**: gradients and optimiser states, almost all; FLOPs, a third; weights and activations, nothing.
# - **Compare with counting words**, and believe no difference smaller than its standard error.
#
# The nephew now keeps the forum's fifty labelled posts a month. He says it is the most useful thing that he has ever done for a model.
#
# **Words from this lesson:** [few-shot prompt](docs/glossary.md#few-shot-prompt) · [context window](docs/glossary.md#context-window) · [exact match](docs/glossary.md#exact-match) · [baseline](docs/glossary.md#baseline) · [retrieval-augmented generation](docs/glossary.md#retrieval-augmented-generation) · [chunk](docs/glossary.md#chunk) · [embedding](docs/glossary.md#embedding) · [TF-IDF](docs/glossary.md#tf-idf) ·
# [vector index](docs/glossary.md#vector-index) · [recall at k](docs/glossary.md#recall-at-k) · [groundedness](docs/glossary.md#groundedness) · [fine-tuning](docs/glossary.md#fine-tuning) · [LoRA](docs/glossary.md#lora)
#
# **Read next**
# - Patrick Lewis and others, *Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks* (2020): where the name comes from.
# - Edward Hu and others, *LoRA: Low-Rank Adaptation of Large Language Models* (2021).
# - Tom Brown and others, *Language Models are Few-Shot Learners* (2020).
# - Matthijs Douze and others, *The Faiss library* (2024): what an index does when there are a billion vectors.
#
# Before you hand in: *Restart and run all*, then look at what the last cell says.

# %% tags=["demo"]
lesson.hand_in("09_adapt")
