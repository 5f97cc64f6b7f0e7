# %% [markdown]
# ## Advice, or an ear?
#
# Dunja looks after the evening forum of a city library. People write there when the day is done. Some ask for advice. Others vent: they want to be heard, and whoever answers with three practical suggestions gets an angry reply. She would like a small
# lamp beside each new post: *asks*, or *vents*. Her cousin works with computers. "Six weeks," he says. "Fifty thousand posts with labels, a GPU, somebody who knows about transformers."
#
# Ask another question first: **has somebody trained it already?** And if so: may she use it, what does it really do between the text and the lamp, and how does she notice that it is wrong?
#
# Hugging Face began in 2016 as a company that made a chatbot for teenagers. By 2018 it gave away the tools that it had built for it, and those became the company. What grew around the tools is the **[Hub](docs/glossary.md#hub)**: {{fact:hf_models}} models and {{fact:hf_datasets}} data sets, by its own count. By
# {{fact:hf_raised.date}} the company had raised {{fact:hf_raised.value}}, and was valued at {{fact:hf_worth.value}} (by what the company and TechCrunch reported). What makes the Hub more than a place to put files: every file has **versions**, every model has a **card** that says what it is, the cards hold **metadata** that one can search, and many models can be tried in the browser, in a **[Space](docs/glossary.md#space)**, a small app that the Hub runs.
#
# In this lesson you take it apart, from the text to the score and from the search to the bytes in the file.

# %% tags=["fixture"]
import ast
import hashlib
import json
import math
import pickle
import pickletools
import struct

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
hub = lesson.hub("ci")  # the course's own Hub, so that your numbers are those of the grader
api = hub.api()

# %% [markdown]
# `lesson.hub` points the libraries at the course's own Hub: a handful of tiny, honestly named models, served inside this notebook, with no network. All code below is the code for the real Hub. Section 8 goes there, if you have a network. (If you have set `MEASURE_FIRST_HUB=real` yourself, take it back for this lesson: the real Hub has other models, and the grader has these.)

# %% tags=["fixture"]
from datasets import load_dataset
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer, pipeline
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
posts = load_dataset(hub.posts)
tokenizer = AutoTokenizer.from_pretrained(hub.encoder)
encoder = AutoModel.from_pretrained(hub.encoder).eval()

# %% [markdown]
# Before anything else: three lines, and Dunja has her lamp.

# %% tags=["demo"]
lamp = pipeline("text-classification", model="measure-first/tiny-advice-classifier")
for text in ("My bread comes out flat every time. What would you change first?", "Nine hours on my feet and then the bus drove off. Again. In the rain."):
    print(lamp(text), text)

# %% [markdown]
# That was **[pipeline](docs/glossary.md#pipeline)**: the name of a task, the ID of a model, and everything between text and label happened out of sight. Now out with it.
#
# Three kinds of model will come up. An **[encoder](docs/glossary.md#encoder)** reads a whole text at once and gives a list of numbers for each of its tokens: BERT (Google, 2018) is one, and so is the model behind the lamp. A **decoder** writes, one token after the other: Llama and its kin. An encoder–decoder such as T5 reads one text and writes another. `hub.encoder` and `hub.decoder` are a small one of the first and of the second kind.
#
# ## 1 · What a tokenizer does to a text
#
# A model sees whole numbers. The **[tokenizer](docs/glossary.md#tokenizer)** belongs to the model like a key to a lock: the 1,042nd row of the embedding table means something only to the tokenizer that the model was trained with. (How a vocabulary is learnt, you know from [lesson 07](release/07_data/07_data.ipynb).) This encoder's tokenizer is of BERT's kind, WordPiece. It works in this order:
#
# 1. Control characters are removed; every kind of white space becomes a space. Letters are made small, and lose their accents: *Café* → *cafe*.
# 2. The text is cut at spaces. Each punctuation character becomes a word of its own, and so does each Chinese or Japanese ideograph. Spaces are forgotten.
# 3. Each word is cut into pieces of the vocabulary, the longest possible piece first. Pieces that go on inside a word are written with `##`.
# 4. A word that cannot be cut into known pieces, to its last character, becomes one `[UNK]`, whatever its length. So does a word of more than 100 characters, at once.
# 5. `[CLS]` is put in front and `[SEP]` behind, the marks of a text's beginning and end. (Whoever writes `[SEP]` into a text writes that mark: these names are recognised before rule 1.)

# %% tags=["demo"]
for text in ("The café's kettle is broken.", "unbelievably", "🙂"):
    ids = tokenizer(text)["input_ids"]
    print(f"{text!r:32} {ids}\n{'':32} {tokenizer.convert_ids_to_tokens(ids)}  →  {tokenizer.decode(ids, skip_special_tokens=True)!r}")
print("characters that it knows:", "".join(sorted(piece for piece in tokenizer.get_vocab() if len(piece) == 1)))

# %% [markdown]
# ### Exercise 1.1 · Twenty awkward strings
# ●●○○○ · 10 minutes · 5 points
#
# What comes back from `decode(encode(text))`, without the special tokens? **Predict** for each string, from the five rules and the list of characters above, without running it:
#
# - `"same"`: exactly the text;
# - `"unknown"`: there is an `[UNK]` in it;
# - `"changed"`: something else, without `[UNK]`.
#
# `decode` puts a space between all words, and then takes out the one *before* `.`, `,`, `?` and `!`. No other: look at what the demo cell has printed.
#
# <details><summary>Hint: a word that nobody ever wrote</summary>
# Does the vocabulary hold every single letter, in front and as a piece that goes on? Then no word of plain letters is unknown.
# </details>

# %% tags=["fixture"]
AWKWARD = {
    "plain": "the bread is flat", "capitals": "The Bread", "accent": "café", "two spaces": "the  bread", "line break": "the\nbread", "empty": "",
    "no such word": "xqzvwk", "long word": "a" * 101, "smile": "so tired 🙂", "japanese": "日本", "full stop": "the end.", "question": "why me?",
    "hyphen": "well-known", "brackets": "print(x)", "number": "1987", "decimal": "3.14", "apostrophe": "don't", "euro": "5 €",
    "tab and space": " the\tbread ", "its own mark": "[SEP]",
}

# %% exercise="round_trip"
# exercise: round_trip
round_trip = dict.fromkeys(AWKWARD, ...)  # name → "same", "changed" or "unknown"
### BEGIN SOLUTION
round_trip = {
    "plain": "same", "capitals": "changed", "accent": "changed", "two spaces": "changed", "line break": "changed", "empty": "same",
    "no such word": "same", "long word": "unknown", "smile": "unknown", "japanese": "unknown", "full stop": "same", "question": "same",
    "hyphen": "changed", "brackets": "changed", "number": "same", "decimal": "changed", "apostrophe": "changed", "euro": "unknown",
    "tab and space": "changed", "its own mark": "changed",
}
### END SOLUTION

# %% tags=["fixture"]
def trip(text: str) -> str:
    """What a text is after encoding and decoding: "same", "unknown" or "changed"."""
    ids = tokenizer(text)["input_ids"]
    if tokenizer.unk_token_id in ids:
        return "unknown"
    return "same" if tokenizer.decode(ids, skip_special_tokens=True) == text else "changed"

# %% check="round_trip" points=5
check.that(isinstance(round_trip, dict) and set(round_trip) == set(AWKWARD), expected="a dict with the twenty names", got="your names are others")
check.equal(... if all(answer is ... for answer in round_trip.values()) else "begun", "begun")
check.that(all(answer is ... or answer in ("same", "changed", "unknown") for answer in round_trip.values()), expected='"same", "changed" or "unknown" for each', got="yours has another word")
### BEGIN HIDDEN TESTS
check.each(round_trip, {name: trip(text) for name, text in AWKWARD.items()}, hint={
    "capitals": "rule 1", "accent": "rule 1", "two spaces": "rule 2: are spaces remembered?", "line break": "rule 1", "no such word": "single letters are pieces, too",
    "long word": "there is a limit of 100 characters", "smile": "is it among the characters?", "japanese": "are they among the characters?", "hyphen": "where does decode put spaces?",
    "full stop": "where does decode put spaces?", "empty": "nothing comes back as nothing", "euro": "is it among the characters?", "its own mark": "rule 5, and decode leaves the special tokens out", "decimal": "rule 2: the point is a word",
    "number": "digits are letters to it", "brackets": "rule 2", "apostrophe": "rule 2", "question": "where does decode put spaces?", "tab and space": "rules 1 and 2", "plain": "what could happen to it?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** And beside it the other kind: the course's decoder has a tokenizer that cuts *bytes* into pieces. What does it lose?

# %% tags=["demo"]
by_bytes = AutoTokenizer.from_pretrained(hub.decoder)
print(f"{'':14} {'text':24} {'WordPiece':>9} {'':8} {'bytes':>5}")
for name, text in AWKWARD.items():
    there = by_bytes.decode(by_bytes(text)["input_ids"]) == text
    print(f"{name:14} {text[:20]!r:24} {len(tokenizer(text)['input_ids']):>9} {trip(text):8} {len(by_bytes(text)['input_ids']):>5} {'same' if there else 'CHANGED'}   yours: {round_trip.get(name)}")

# %% [markdown]
# **Reconcile.** WordPiece throws away what BERT did not need: case, accents, spaces. Whoever wants the text back, character by character (code, names, quotations), takes a byte-level tokenizer and pays with more tokens for what it has not seen. Neither is "better"; but a model cannot tell apart what its tokenizer has thrown together.
# *Polish* and *polish* are one word to this encoder.
#
# ### Exercise 1.2 · The longest piece first
# ●●●○○ · 10 minutes · 4 points
#
# Write rule 3 and 4. `word_pieces(word, vocabulary)` takes one word, and a set of pieces, and returns the list of pieces:
#
# | word | vocabulary | pieces |
# |---|---|---|
# | `"kettles"` | `{"kettle", "ket", "##tle", "##s"}` | `["kettle", "##s"]` |
# | `"kets"` | the same | `["ket", "##s"]` |
# | `"ketx"` | the same | `["[UNK]"]`, not `["ket", "[UNK]"]` |
# | `"tle"` | the same | `["[UNK]"]`: `##tle` stands inside of words only |
#
# A word of more than 100 characters is `["[UNK]"]` at once. At each place the longest piece that fits is taken, and there is no way back: if the rest cannot be cut, the whole word is unknown, even if another cut would have worked.

# %% exercise="word_pieces"
# exercise: word_pieces
def word_pieces(word: str, vocabulary: set[str]) -> list[str]:
    """The pieces of one word, the longest first. word: at least one character, already small, without spaces."""
    ### BEGIN SOLUTION
    if len(word) > 100:
        return ["[UNK]"]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        start = end
    return pieces
    ### END SOLUTION

# %% check="word_pieces" points=4
little = {"kettle", "ket", "##tle", "##s"}
for word, want in (("kettles", ["kettle", "##s"]), ("kets", ["ket", "##s"]), ("ketx", ["[UNK]"]), ("tle", ["[UNK]"])):
    suspects = {"one [UNK] for the whole word": ["ket", "[UNK]"], "a piece inside of a word is written with ##": ["ket", "s"],
                "the longest piece first, not the shortest": ["ket", "##tle", "##s"], "a ##piece does not stand at a word's beginning": ["##tle"],
                "inside of a word, look for the piece with ##": ["[UNK]"]}
    check.equal(word_pieces(word, little), want, of=f"{word!r}", suspects={hint: wrong for hint, wrong in suspects.items() if wrong != want})
### BEGIN HIDDEN TESTS
check.equal(word_pieces("abc", {"a", "ab", "##bc"}), ["[UNK]"], of="'abc' with the pieces a, ab, ##bc", hint="there is no way back: ab is the longest, and then c is no piece")
check.equal(word_pieces("aaa", {"a", "##a", "##aa"}), ["a", "##aa"], of="'aaa'")
check.equal(word_pieces("a" * 100, {"a", "##a"}), ["a"] + 99 * ["##a"], of="100 characters", hint="the limit is more than 100")
check.equal(word_pieces("a" * 101, {"a", "##a"}), ["[UNK]"], of="101 characters", hint="is there a limit?")
pieces = set(tokenizer.get_vocab())
for word in ("advice", "unbelievably", "sandwich", "zzyzx", "electrician", "q", "naïve", "antidisestablishment", "venting", "1234567"):
    check.equal(word_pieces(word, pieces), tokenizer.backend_tokenizer.model.tokenize(word) and [token.value for token in tokenizer.backend_tokenizer.model.tokenize(word)], of=f"{word!r} with the encoder's vocabulary")
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Many texts at once
#
# Texts have different lengths, a tensor has not. So a **[batch](docs/glossary.md#batch)** of texts is **padded**: the short ones get a filler at the end, and an **[attention mask](docs/glossary.md#attention-mask)** says which places are real (1) and which filler (0). Too long ones are **truncated**: this encoder has learnt 256 positions, and there is no 257th.

# %% tags=["demo"]
for name, rows in tokenizer(["Why me?", "My bread comes out flat. What would you change?"], padding=True, return_tensors="pt").items():
    print(f"{name}:\n{rows}")

# %% [markdown]
# ### Exercise 2.1 · Padding by hand
# ●●○○○ · 8 minutes · 4 points
#
# Write `pad_batch(rows, pad_id, longest)`. `rows` are lists of ids of different lengths, each with `[CLS]` in front and `[SEP]` behind. It returns two tensors, int64 `[N, T]`: ids and attention mask. T is the length of the longest row, but at most `longest`. A row that is too long keeps its first `longest − 1` ids **and its last**: `[SEP]` must not be cut off, the model has never seen a text without.
#
# | `pad_batch([[2, 7, 3], [2, 7, 8, 9, 3]], 0, 4)` | |
# |---|---|
# | ids | `[[2, 7, 3, 0], [2, 7, 8, 3]]` |
# | mask | `[[1, 1, 1, 0], [1, 1, 1, 1]]` |

# %% exercise="pad_batch"
# exercise: pad_batch
def pad_batch(rows: list[list[int]], pad_id: int, longest: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and attention mask, both int64 [N, T]."""
    ### BEGIN SOLUTION
    rows = [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
    ### END SOLUTION

# %% check="pad_batch" points=4
ids, mask = pad_batch([[2, 7, 3], [2, 7, 8, 9, 3]], 0, 4)
check.shape(ids, (2, 4), axes="texts tokens", hint="T is the length of the longest row after truncation")
check.equal(ids, torch.tensor([[2, 7, 3, 0], [2, 7, 8, 3]]), of="ids", suspects={"is the last id, [SEP], kept?": torch.tensor([[2, 7, 3, 0], [2, 7, 8, 9]]),
            "the filler comes at the end": torch.tensor([[0, 2, 7, 3], [2, 7, 8, 3]])})
check.equal(mask, torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]]), of="mask", suspects={"1 is for a real token, 0 for filler": torch.tensor([[0, 0, 0, 1], [0, 0, 0, 0]])})
### BEGIN HIDDEN TESTS
short = [[2, 5, 3], [2, 3], [2, 5, 6, 3]]
ids, mask = pad_batch(short, 9, 256)
check.shape(ids, (3, 4), axes="texts tokens", of="short rows", hint="no wider than the longest row")
check.equal(ids, torch.tensor([[2, 5, 3, 9], [2, 3, 9, 9], [2, 5, 6, 3]]), of="ids, with the filler 9", hint="is it the given pad_id?")
zero = pad_batch([[2, 0, 0, 3], [2, 3]], 0, 256)
check.equal(zero[1], torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]), of="the mask of a row in which the id 0 stands", hint="the mask goes by the row's length, not by the ids")
check.equal(short, [[2, 5, 3], [2, 3], [2, 5, 6, 3]], of="the rows that you were given, afterwards", hint="do not change them: += on a list changes the list itself")
some = posts["validation"]["text"][:12]
theirs = tokenizer(list(some), padding=True, truncation=True, max_length=30, return_tensors="pt")
ids, mask = pad_batch([tokenizer(text)["input_ids"] for text in some], tokenizer.pad_token_id, 30)
check.equal(ids, theirs["input_ids"], of="ids of twelve posts, as the library pads them")
check.equal(mask, theirs["attention_mask"], of="mask of twelve posts, as the library pads them")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 2.2 · The mean of the real tokens
# ●●○○○ · 8 minutes · 4 points
#
# The encoder gives 128 numbers for each token. One vector for a *text* is their mean: **[mean pooling](docs/glossary.md#mean-pooling)**. Here sits one of the commonest silent errors of the field: the mean over *all* places, filler too. Nothing raises. The vector of a short text drowns in filler, and depends on which other texts happened to be in the batch.
#
# Write `mean_pool(states, mask)`: `states` float `[N, T, D]`, `mask` int64 `[N, T]` → float `[N, D]`, the mean over the places where the mask is 1. A row without any real token gives zeros (not NaN). **Padding must not change the answer**: not its length, not its contents.
#
# <details><summary>Hint: what if the filler's states are inf or NaN?</summary>
# 0 · inf is NaN. <code>torch.where</code> or <code>masked_fill</code> do not multiply.
# </details>

# %% exercise="mean_pool"
# exercise: mean_pool
def mean_pool(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over the real tokens. states: float [N, T, D]; mask: int64 [N, T], 1 for a real token. Returns: [N, D]."""
    ### BEGIN SOLUTION
    kept = states.masked_fill(mask.unsqueeze(-1) == 0, 0.0)
    return kept.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
    ### END SOLUTION

# %% check="mean_pool" points=4
states = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [50.0, 60.0]], [[1.0, 1.0], [2.0, 2.0], [6.0, 3.0]]])
mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
check.shape(mean_pool(states, mask), (2, 2), axes="texts features")
check.close(mean_pool(states, mask), torch.tensor([[2.0, 3.0], [3.0, 2.0]]), of="two texts", suspects={
    "that is the mean over the filler, too": states.mean(1), "the sum is right: divided by how many? T counts the filler": torch.tensor([[4 / 3, 2.0], [3.0, 2.0]]),
    "that is the sum": torch.tensor([[4.0, 6.0], [9.0, 6.0]]), "one count for all texts? Each has its own": torch.tensor([[1.6, 2.4], [3.6, 2.4]])})
### BEGIN HIDDEN TESTS
fresh = torch.randn(2, 3, 2)
with check.unchanged(fresh):
    mean_pool(fresh, mask)
for n, t, d in ((3, 5, 4), (1, 7, 2), (4, 1, 3)):
    states, real = torch.randn(n, t, d), torch.randint(1, t + 1, (n,))
    mask = (torch.arange(t) < real[:, None]).long()
    want = torch.stack([row[:count].mean(0) for row, count in zip(states, real.tolist())])
    check.close(mean_pool(states, mask), want, of=f"{n} texts of {t} places", hint="one count for each text")
    wider = F.pad(states, (0, 0, 0, 6), value=1e4)
    check.close(mean_pool(wider, F.pad(mask, (0, 6))), want, of="the same, padded further with large numbers", hint="padding must not change the answer")
states, mask = torch.randn(2, 4, 3), torch.tensor([[1, 1, 1, 0], [0, 1, 0, 1]])
check.close(mean_pool(states, mask)[1], (states[1, 1] + states[1, 3]) / 2, of="a mask with a gap", hint="go by the mask, not by a length")
broken = states.clone()
broken[0, 3] = float("nan")
check.close(mean_pool(broken, mask), mean_pool(states, mask), of="NaN in the filler", hint="0 · NaN is NaN: put zeros there with masked_fill or torch.where")
check.close(mean_pool(states, torch.zeros(2, 4, dtype=torch.int64)), torch.zeros(2, 3), of="no real token at all", hint="0 / 0: clamp the count")
check.gradients(lambda s: mean_pool(s, mask), (torch.randn(2, 4, 3, dtype=torch.float64),), of="gradients")
### END HIDDEN TESTS

# %% [markdown]
# **Predict.** One short post, alone and then in the company of longer and longer texts. How far does its vector move, measured against its own length: by a hundredth, by a tenth, by more than all of it? With the mean over all places, and with yours?

# %% tags=["demo"]
def pooled(rows, pool):
    """The vector of the first of some texts. pool: function (states, mask) → [N, D]."""
    batch = tokenizer(rows, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        return pool(encoder(**batch).last_hidden_state, batch["attention_mask"])[0]

short, company = "Why is my bread flat?", [" ".join(["and then it rained"] * n) for n in (1, 4, 8, 16, 32, 50)]
alone, widths, moved = pooled([short], mean_pool), [], {"over all places": [], "over the real ones": []}
for text in company:
    widths.append(max(len(tokenizer(one)["input_ids"]) for one in (short, text)))
    for name, pool in (("over all places", lambda states, mask: states.mean(1)), ("over the real ones", mean_pool)):
        moved[name].append(((pooled([short, text], pool) - alone).norm() / alone.norm()).item())
fig, ax = plt.subplots(figsize=(7, 3.2))
for name, marker in (("over all places", "o"), ("over the real ones", "s")):
    ax.plot(widths, [100 * far for far in moved[name]], marker=marker, label=f"mean {name}")
ax.set(xlabel="tokens of the longest text in the batch", ylabel="moved, % of its length", title=f"One post of {len(tokenizer(short)['input_ids'])} tokens, in company")
ax.legend()
lesson.show(fig, alt="How far the vector of a short post moves, against the width of the batch: the mean over all places " + ", ".join(f"{100 * far:.0f} %" for far in moved["over all places"]) + "; the mean over the real tokens stays at 0 %.")

# %% [markdown]
# **Reconcile.** By more than its own length: of the post itself hardly anything is left in the mean over all places. And nothing has raised an error. Yours stays where it was.
#
# ### Exercise 2.3 · In batches, and as if one by one
# ●●●○○ · 12 minutes · 4 points
#
# A batch is as wide as its longest text, and filler costs as much as text. So one sorts by length, cuts the sorted texts into batches, and **puts the answers back into the order of the questions**. Forgetting the last step gives answers that are all right and all somebody else's.
#
# Write `embed_all(run, rows, size)`. `rows` are lists of ids. `run(ids, mask)` takes two int64 tensors `[n, T]` and gives float `[n, D]`. At most `size` rows go into one call of `run`, and there are no more calls than that needs: 11 rows, 4 at a time, are three calls. The result is `[N, D]`, row i for `rows[i]`. The places handed to `run`, filler included, are no more than sorting leaves. Use your `pad_batch` (with the filler 0, at most 256 tokens).

# %% exercise="embed_all"
# exercise: embed_all
def embed_all(run, rows: list[list[int]], size: int) -> torch.Tensor:
    """A vector for each row, float [N, D], in the order of the rows. run: (ids, mask), each int64 [n, T] → float [n, D]."""
    ### BEGIN SOLUTION
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    made = [run(*pad_batch([rows[i] for i in order[at : at + size]], 0, 256)) for at in range(0, len(order), size)]
    back = torch.empty(len(rows), dtype=torch.int64)
    back[order] = torch.arange(len(rows))
    return torch.cat(made)[back]
    ### END SOLUTION

# %% check="embed_all" points=4
def first_and_sum(ids, mask):  # a stand-in for a model: the sum of the ids, and how many there are
    return torch.stack([(ids * mask).sum(1).float(), mask.sum(1).float()], 1)

rows = [[2, 9, 9, 9, 3], [2, 3], [2, 8, 7, 3], [2, 6, 3]]
want = torch.tensor([[32.0, 5], [5.0, 2], [20.0, 4], [11.0, 3]])
check.close(embed_all(first_and_sum, rows, 2), want, of="four rows, two at a time", suspects={
    "each vector is right, and somebody else's: they come in the order of the lengths": want[[1, 3, 2, 0]],
    "each vector is right, and somebody else's: they come in the order of the lengths, longest first": want[[0, 2, 3, 1]],
    "undo the sorting with its inverse, not with the sorting itself": want[[3, 0, 2, 1]]})
### BEGIN HIDDEN TESTS
calls = []
def watched(ids, mask):
    calls.append(tuple(ids.shape))
    return first_and_sum(ids, mask)

for count, size in ((11, 4), (7, 7), (5, 1), (9, 20)):
    lengths = (torch.randperm(40)[:count] + 2).tolist()
    rows = [[2] + torch.randint(5, 3000, (n - 2,)).tolist() + [3] for n in lengths]
    want, calls[:] = torch.tensor([[float(sum(row)), len(row)] for row in rows]), []
    case = f"{count} rows, {size} at a time"
    check.close(embed_all(watched, rows, size), want, of=case, hint="is row i of the result for rows[i]? Undo the sorting with its inverse, not with the sorting itself")
    check.that(max(n for n, _ in calls) <= size, expected=f"at most {size} rows in a call", got=f"yours hands over {max(n for n, _ in calls)}")
    check.equal(len(calls), math.ceil(count / size), of=f"calls of run for {case}", hint="full batches: no more calls than the rows need")
    most = max(sum(len(part) * max(part) for part in (order[at : at + size] for at in range(0, count, size))) for order in (sorted(lengths), sorted(lengths)[::-1]))
    places = sum(n * t for n, t in calls)
    check.that(places <= most, expected=f"at most {most} places for {case}", got=f"yours has {places}", hint="sort by length first, and pad each batch to its own longest row")
real = [tokenizer(text)["input_ids"] for text in posts["validation"]["text"][:10]]

def meaning(ids, mask):
    with torch.no_grad():
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    return torch.stack([row[keep.bool()].mean(0) for row, keep in zip(states, mask)])

one_by_one = torch.cat([meaning(torch.tensor([row]), torch.ones(1, len(row), dtype=torch.int64)) for row in real])
# Sums in another order: float32 differs in its last digits (seen: at most 3e-6).
check.close(embed_all(meaning, real, 4), one_by_one, atol=5e-5, rtol=1e-4, of="ten posts through the encoder, against one by one")
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · From numbers to a label
#
# A **[head](docs/glossary.md#head)** is the small last layer that is put on an encoder for one task. One for sequence classification gives a number for each label: the **[logits](docs/glossary.md#logits)**. Softmax makes [probabilities](docs/glossary.md#softmax) of them: $p_i = e^{z_i} / \sum_j e^{z_j}$. Only differences count.
#
# ### Exercise 3.1 · Logits in the head
# ●●○○○ · 5 minutes · 3 points
#
# **Predict**, to two decimals, the probability of the *first* label:
#
# | name | logits |
# |---|---|
# | `"equal"` | 0, 0 |
# | `"two apart"` | 2, 0 |
# | `"both up"` | 7, 5 |
# | `"doubled"` | 4, 0 |
# | `"minus"` | −2, 0 |
# | `"three labels"` | 1, 1, 1 |
#
# (e² is about 7.39, e⁴ about 54.6. And by the way: whoever has one logit $z$ and the sigmoid $1/(1+e^{-z})$ has the same as two logits $z, 0$ and softmax.)

# %% exercise="first_label"
# exercise: first_label
first_label = {"equal": ..., "two apart": ..., "both up": ..., "doubled": ..., "minus": ..., "three labels": ...}
### BEGIN SOLUTION
first_label = {"equal": 0.50, "two apart": 0.88, "both up": 0.88, "doubled": 0.98, "minus": 0.12, "three labels": 0.33}
### END SOLUTION

# %% tags=["fixture"]
LOGITS = {"equal": [0.0, 0.0], "two apart": [2.0, 0.0], "both up": [7.0, 5.0], "doubled": [4.0, 0.0], "minus": [-2.0, 0.0], "three labels": [1.0, 1.0, 1.0]}

# %% check="first_label" points=3
check.each(first_label, dict.fromkeys(LOGITS, 0.5), atol=100, of="six numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
# Two decimals: half a hundredth, and as much again for rounding on the way.
check.each(first_label, {name: torch.tensor(z).softmax(0)[0].item() for name, z in LOGITS.items()}, atol=0.01, rtol=0, hint={
    "both up": "only the difference counts", "doubled": "the ratio is squared: e⁴ to 1", "minus": "what is left over for it when the other one has the 0.88?",
    "two apart": "7.39 to 1", "three labels": "three shares, not two", "equal": "two equal shares"})
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3.2 · The pipeline, by hand
# ●●●○○ · 12 minutes · 6 points
#
# Rebuild what the demo at the top did. `classify(model, tokenizer, texts)` returns a list of dicts `{"label": …, "score": …}`, one for each text, in order: the name of the most probable label (`model.config.id2label` knows it) and its probability, as a plain number: the same labels and scores as `pipeline` gives. Dropout is off and no graph is built, in whatever mode the model comes. No texts at all give an empty list.
#
# 1. tokenise all texts as one padded batch, truncated to what the model can read;
# 2. run the model;
# 3. softmax over the labels, the largest, its name.
#
# <details><summary>Hint: max_length</summary>
# <code>tokenizer(texts, padding=True, truncation=True, return_tensors="pt")</code> knows the tokenizer's own limit.
# </details>
# <details><summary>Hint: the scores change from call to call</summary>
# Then dropout is on: <code>model.eval()</code>. Put the mode back afterwards if it was on.
# </details>

# %% tags=["fixture"]
advice = AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-advice-classifier")
advice.train()  # as somebody left it who was training
advice_tokenizer = AutoTokenizer.from_pretrained("measure-first/tiny-advice-classifier")

# %% exercise="classify"
# exercise: classify
def classify(model, tokenizer, texts: list[str]) -> list[dict]:
    """[{"label": name, "score": probability}] for each text. model: any AutoModelForSequenceClassification."""
    ### BEGIN SOLUTION
    if not texts:
        return []
    was_training = model.training
    model.eval()
    batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        probabilities = model(**batch).logits.softmax(-1)
    model.train(was_training)
    scores, best = probabilities.max(-1)
    return [{"label": model.config.id2label[i], "score": score} for i, score in zip(best.tolist(), scores.tolist())]
    ### END SOLUTION

# %% check="classify" points=6
three = ["Which pan would you buy?", "He never listens. Never.", "Help."]
answer = classify(advice, advice_tokenizer, three)
check.that(isinstance(answer, list) and len(answer) == 3, expected="a list of three dicts", got=f"your answer is a {type(answer).__name__}")
check.that(all(set(one) == {"label", "score"} for one in answer), expected='dicts with "label" and "score"', got=f"your first one is {answer[0]!r:.80}")
check.that(all(one["label"] in ("asks", "vents") for one in answer), expected='the labels "asks" and "vents"', got=f"your first label is {answer[0]['label']!r}", hint="model.config.id2label")
check.that(all(type(one["score"]) is float for one in answer), expected="scores as plain numbers", got=f"your first score is a {type(answer[0]['score']).__name__}", hint=".item() or .tolist()")
### BEGIN HIDDEN TESTS
quiet = AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-advice-classifier").eval()
long = " ".join(posts["validation"]["text"][:20])  # far over 256 tokens
texts = [*posts["validation"]["text"][20:32], long, "Why?"]
want = pipeline("text-classification", model=quiet, tokenizer=advice_tokenizer, device="cpu")(texts, truncation=True)
got = classify(advice, advice_tokenizer, texts)
# Padded or not, sums come in another order: seen at most 2e-6.
with torch.no_grad():
    batch = advice_tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    logits = quiet(**batch).logits
check.close([one["score"] for one in got], [one["score"] for one in want], atol=1e-4, of="scores of 14 texts, as pipeline gives them", suspects={
    "those are logits: softmax makes probabilities of them": logits.max(-1).values.tolist(), "softmax over the labels, not over the texts": logits.softmax(0).gather(1, logits.argmax(-1, keepdim=True)).squeeze(1).tolist(),
    "sigmoid looks at each logit alone": logits.max(-1).values.sigmoid().tolist(), "is that always the second label's probability?": logits.softmax(-1)[:, 1].tolist(),
    "does the model see the attention mask? Filler counts as text": quiet(input_ids=batch["input_ids"]).logits.softmax(-1).max(-1).values.tolist(),
}, hint="is dropout switched off?")
check.equal([one["label"] for one in got], [one["label"] for one in want], of="labels of 14 texts", hint="in order, the most probable one, dropout off")
check.equal(classify(advice, advice_tokenizer, texts), got, of="a second call", hint="is dropout switched off? model.eval()")
check.equal(classify(advice, advice_tokenizer, []), [], of="no text at all")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** 126 posts that the classifier has not seen. Your function, and the library's:

# %% tags=["demo"]
import time

texts, labels = list(posts["validation"]["text"]), list(posts["validation"]["label"])
began = time.perf_counter()
mine = classify(advice, advice_tokenizer, texts)
middle = time.perf_counter()
# device: else pipeline takes the GPU where there is one, and moves the model that it is handed there, away from our batches
theirs = pipeline("text-classification", model=advice.eval(), tokenizer=advice_tokenizer, device="cpu")(texts)
print(f"yours, one batch: {middle - began:.2f} s, pipeline, one by one: {time.perf_counter() - middle:.2f} s")
print("largest difference of a score:", max(abs(a["score"] - b["score"]) for a, b in zip(mine, theirs)))
right = [one["label"] == ("vents", "asks")[label] for one, label in zip(mine, labels)]
print(f"right: {sum(right)} of {len(right)}")
sure = [one["score"] for one in mine]
fig, ax = plt.subplots(figsize=(7, 3))
ax.hist([[s for s, r in zip(sure, right) if r], [s for s, r in zip(sure, right) if not r]], bins=10, range=(0.5, 1), stacked=True, label=["right", "wrong"], color=["#0072B2", "#D55E00"])
ax.set(xlabel="score of the label that it chose", ylabel="posts", title="Sure, and sometimes wrong")
ax.legend()
wrong = [s for s, r in zip(sure, right) if not r]
lesson.show(fig, alt=f"Histogram of the scores of {len(right)} posts: {sum(s > 0.95 for s in sure)} lie above 0.95. {len(wrong)} posts are wrong, " + (f"with scores from {min(wrong):.2f} to {max(wrong):.2f}." if wrong else "so none."))

# %% [markdown]
# **Reconcile.** A score of 0.98 is not "right in 98 of 100 cases". It is a softmax of what the head says, and the head was rewarded for being sure. Look for the orange at the right end of the picture.
#
# ### Exercise 3.3 · Which parameters are new?
# ●●●○○ · 8 minutes · 4 points
#
# There may be no ready classifier for your labels. Then one takes an encoder and asks for a head: `AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=3)`. The library loads what is in the file, builds the head anew, **at random**, and says so in a report that everybody scrolls past. A model with a new head answers at once, with confidence, and knows nothing.
#
# The cell below prints the names in the file of the course's encoder, but for its four layers, and how a BERT with such a head is built. What begins with `cls` in the file is its old head, for guessing hidden words: it is left behind. **Predict**: `new_names`, a set of the names of all parameters that do *not* come from the file, and `new_numbers`, how many numbers they are together, for 3 labels. (D is 128.)

# %% tags=["demo"]
from safetensors import safe_open

with safe_open(api.hf_hub_download(hub.encoder, "model.safetensors"), "pt") as file:
    print(*[name for name in file.keys() if "encoder.layer" not in name], sep="\n")
print(AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(hub.encoder, num_labels=3)).__class__.__name__,
      "= bert (embeddings, encoder, pooler: a linear layer D → D on [CLS], and tanh), dropout, classifier: a linear layer D → labels")

# %% exercise="new_head"
# exercise: new_head
new_names = ...    # a set of names such as "bert.embeddings.word_embeddings.weight"
new_numbers = ...  # a whole number
### BEGIN SOLUTION
new_names = {"bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"}
new_numbers = 128 * 128 + 128 + 3 * 128 + 3
### END SOLUTION

# %% check="new_head" points=4
check.equal(... if new_names is ... or new_numbers is ... else "begun", "begun")
check.that(isinstance(new_names, (set, list, tuple)) and all(isinstance(name, str) for name in new_names), expected="a set of names", got=f"your answer is a {type(new_names).__name__}")
check.that(type(new_numbers) is int, expected="a whole number", got=f"your new_numbers is {new_numbers!r}")
### BEGIN HIDDEN TESTS
model, report = AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=3, output_loading_info=True)
missing = set(report["missing_keys"])
sizes = {name: p.numel() for name, p in model.named_parameters()}
check.equal(set(new_names), missing, reveal=False, of="new_names", suspects={
    "the pooler stands between encoder and head, and the file has none": {name for name in missing if "pooler" not in name},
    "a linear layer has a bias, too": {name for name in missing if name.endswith("weight")}, "the old head, cls, is left out, not new": missing | {"cls.predictions.bias"}},
    hint="which names does the model have that the file has not? Print them: state_dict()")
check.equal(new_numbers, sum(sizes[name] for name in missing), reveal=False, of="new_numbers", suspects={
    "and the pooler?": sizes["classifier.weight"] + sizes["classifier.bias"], "and the biases?": sizes["classifier.weight"] + sizes["bert.pooler.dense.weight"],
    "for three labels": sum(sizes[name] for name in missing) - 129}, hint="D · D + D, and 3 · D + 3")
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Find, read, decide
#
# By its own count the Hub had {{fact:hf_models}} models, and you need one. The library's `HfApi` asks the Hub's search: by task, licence, author, size, words; sorted by downloads, likes or date.

# %% tags=["demo"]
print(f"{'model':42} {'task':22} {'licence':14} {'parameters':>10} {'downloads':>9} {'likes':>5}  changed")
for found in api.list_models(sort="downloads", expand=["downloads", "likes", "lastModified", "tags", "pipeline_tag", "safetensors"]):
    licence = next((tag.removeprefix("license:") for tag in found.tags if tag.startswith("license:")), "none")
    print(f"{found.id:42} {found.pipeline_tag:22} {licence:14} {found.safetensors.total:>10,} {found.downloads:>9} {found.likes:>5}  {found.last_modified:%Y-%m-%d}")
print("(Downloads, likes and dates of the course's own Hub are sample figures.)")

# %% [markdown]
# ### Exercise 4.1 · A search with filters
# ●●●○○ · 12 minutes · 4 points
#
# Write `find_models(api, task, licenses, most, data)`. It returns the IDs of models, most downloads first, that
#
# - are for the task (`pipeline_tag`);
# - have one of the `licenses` (a set such as `{"mit", "apache-2.0"}`; the tag `license:…` says which; a model without a licence is *not* free to use: it is out);
# - have at most `most` parameters (`safetensors.total`; unknown: out);
# - say, if `data` is given, that they were trained on this data set (the tag `dataset:…`).
#
# Let the Hub filter what it can, and ask for what you need with `expand=`: without it, `safetensors` is `None`. (Before you run it against the real Hub, give it a `limit=`: such a list may have thousands of entries.)

# %% exercise="find_models"
# exercise: find_models
def find_models(api, task: str, licenses: set[str], most: int, data: str | None = None) -> list[str]:
    """IDs of fitting models, most downloads first. api: an HfApi."""
    ### BEGIN SOLUTION
    tags = [f"dataset:{data}"] if data else None
    found = api.list_models(pipeline_tag=task, filter=tags, sort="downloads", expand=["tags", "safetensors", "downloads"])
    return [
        model.id for model in found
        if any(f"license:{name}" in model.tags for name in licenses) and model.safetensors and model.safetensors.total <= most
    ]
    ### END SOLUTION

# %% check="find_models" points=4
free = {"mit", "apache-2.0"}
check.equal(find_models(api, "text-generation", free, 2_000_000), ["measure-first/tiny-decoder"], of="text generation, free, at most 2 million parameters",
            hint="one of the licences is enough, the task counts, and without expand= there is no safetensors")
check.equal(find_models(api, "text-generation", {"apache-2.0"}, 2_000_000), [], of="text generation under Apache 2.0", hint="the licence is the tag license:apache-2.0")
### BEGIN HIDDEN TESTS
def wanted(task, licenses, most, data=None):
    found = [api.model_info(one.id) for one in api.list_models()]
    fit = [m for m in found if m.pipeline_tag == task and any(f"license:{name}" in m.tags for name in licenses) and m.safetensors.total <= most]
    return [m.id for m in sorted(fit, key=lambda m: -m.downloads) if data is None or f"dataset:{data}" in m.tags]

sizes = sorted(api.model_info(one.id).safetensors.total for one in api.list_models(pipeline_tag="fill-mask"))
cases = [("fill-mask", free, 10**9, None), ("fill-mask", free | {"cc-by-nc-4.0"}, 10**9, None), ("fill-mask", {"cc-by-nc-4.0"}, 10**9, None),
         ("fill-mask", free, sizes[1], None), ("fill-mask", free, sizes[-1], None), ("fill-mask", free, sizes[-1] - 1, None), ("text-classification", {"cc-by-4.0"}, 10**9, "measure-first/advice-or-venting"),
         ("text-classification", {"cc-by-4.0"}, 10**9, "measure-first/repair-cafe"), ("fill-mask", free, 10**9, "measure-first/repair-cafe"), ("translation", free, 10**9, None)]
for task, licenses, most, data in cases:
    want = wanted(task, licenses, most, data)
    suspects = {"exactly `most` is allowed": wanted(task, licenses, most - 1, data), "is the size looked at?": wanted(task, licenses, 10**12, data), "is the licence looked at?": wanted(task, free | {"cc-by-nc-4.0", "cc-by-4.0"}, most, data),
                "and the data set?": wanted(task, licenses, most), "most downloads first": want[::-1], "sorted by name? Most downloads first": sorted(want)}
    check.equal(find_models(api, task, licenses, most, data), want, of=f"{task}, {', '.join(sorted(licenses))}, at most {most:,}{', trained on ' + data if data else ''}",
                suspects={hint: wrong for hint, wrong in suspects.items() if wrong != want})
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 4.2 · How large, before the download?
# ●●●○○ · 10 minutes · 4 points
#
# `config.json` is some hundred bytes, the weights may be gigabytes. The config says how many there will be. Write `bert_parameters(config)` for an encoder of BERT's kind without a head (what `AutoModel` builds). With V = `vocab_size`, D = `hidden_size`, I = `intermediate_size`, P = `max_position_embeddings`, S = `type_vocab_size` (segments: first or second text of a pair), L = `num_hidden_layers`:
#
# | part | numbers |
# |---|---|
# | embeddings: words, positions, segments | (V + P + S) · D |
# | a layer norm: scale and shift | 2 · D |
# | attention of a layer: query, key, value, output | 4 linear layers D → D, with bias |
# | feed-forward of a layer | linear D → I and I → D, with bias |
# | pooler | linear D → D, with bias |
#
# One layer norm stands after the embeddings, two stand in each layer. The number of heads has no part in it.

# %% exercise="bert_parameters"
# exercise: bert_parameters
def bert_parameters(config: dict) -> int:
    """Parameters of a BERT without a head, from its config."""
    ### BEGIN SOLUTION
    width, inner = config["hidden_size"], config["intermediate_size"]
    embeddings = (config["vocab_size"] + config["max_position_embeddings"] + config["type_vocab_size"]) * width
    norm, square = 2 * width, width * width + width
    layer = 4 * square + (width * inner + inner) + (inner * width + width) + 2 * norm
    return embeddings + norm + config["num_hidden_layers"] * layer + square
    ### END SOLUTION

# %% check="bert_parameters" points=4
small = {"vocab_size": 10, "hidden_size": 4, "intermediate_size": 6, "max_position_embeddings": 5, "type_vocab_size": 2, "num_hidden_layers": 1, "num_attention_heads": 2}
check.equal(bert_parameters(small), 250, of="a very small one", suspects={
    "and the pooler?": 230, "and the biases of the linear layers?": 220, "two layer norms in each layer": 242, "and the layer norm after the embeddings?": 242,
    "positions and segments are embedded, too": 222, "the inner width stands in the config": 340, "the heads share D: their number has no part in it": 330})
### BEGIN HIDDEN TESTS
from transformers import BertConfig, BertModel


def true_count(**sizes):
    with torch.device("meta"):
        return sum(p.numel() for p in BertModel(BertConfig(**sizes)).parameters())

base = {"vocab_size": 30522, "hidden_size": 768, "intermediate_size": 3072, "max_position_embeddings": 512, "type_vocab_size": 2, "num_hidden_layers": 12, "num_attention_heads": 12}
for config in (base, {**base, "vocab_size": 1000, "num_hidden_layers": 3}, {**small, "num_hidden_layers": 5}, {**small, "intermediate_size": 40, "type_vocab_size": 1}, {**small, "num_attention_heads": 1}):
    check.equal(bert_parameters(config), true_count(**config), of=f"{config['num_hidden_layers']} layers of width {config['hidden_size']}, vocabulary {config['vocab_size']:,}", hint="go through the table, line by line: how often does each part stand in the model?")
### END HIDDEN TESTS

# %% tags=["demo"]
for name in ("tiny-encoder", "tiny-encoder-2-layers", "tiny-encoder-cased"):
    config = AutoConfig.from_pretrained(f"measure-first/{name}").to_dict()
    print(f"{name:24} predicted {bert_parameters(config):>9,}   built {sum(p.numel() for p in AutoModel.from_pretrained(f'measure-first/{name}').parameters()):>9,}   in the file {api.model_info(f'measure-first/{name}').safetensors.total:>9,}")

# %% [markdown]
# **Reconcile.** The last two columns differ: the file holds the head for hidden words, which `AutoModel` leaves out, and no pooler, which `AutoModel` makes up.
#
# ### Exercise 4.3 · Read the card
# ●●○○○ · 8 minutes · 4 points, and 3 for your judgement
#
# A **[model card](docs/glossary.md#model-card)** is the README of a model: metadata in YAML between two lines `---`, then text. Read this one to its end.

# %% tags=["demo"]
from huggingface_hub import ModelCard

print(ModelCard.load("measure-first/tiny-advice-classifier").content)

# %% [markdown]
# Fill in what Dunja has to know. `card_says`:
#
# | entry | answer |
# |---|---|
# | `"license"` | as in the metadata |
# | `"base_model"` | the ID of the model that it was made from |
# | `"trained_on"` | how many posts it learnt from |
# | `"accuracy"` | on validation posts, as the card says: a share, like 0.5 |
# | `"measured_on"` | on how many posts the accuracy was measured |
# | `"real_posts"` | `True` or `False`: has it been tried on posts that people wrote in earnest? |
# | `"commercial"` | `True` or `False`: may a company use it? |
# | `"tiny-encoder-cased for a shop"` | `True` or `False`: may a shop use *that* model? (Read its card, too.) |

# %% exercise="card_says"
# exercise: card_says
card_says = {"license": ..., "base_model": ..., "trained_on": ..., "accuracy": ..., "measured_on": ..., "real_posts": ..., "commercial": ..., "tiny-encoder-cased for a shop": ...}
### BEGIN SOLUTION
card_says = {"license": "cc-by-4.0", "base_model": "measure-first/tiny-encoder", "trained_on": 756, "accuracy": 0.873, "measured_on": 126,
             "real_posts": False, "commercial": True, "tiny-encoder-cased for a shop": False}
### END SOLUTION

# %% check="card_says" points=4
check.that(isinstance(card_says, dict) and len(card_says) == 8, expected="eight entries", got="your dict has others")
check.equal(... if all(answer is ... for answer in card_says.values()) else "begun", "begun")
### BEGIN HIDDEN TESTS
from huggingface_hub import ModelCard as Card

text = Card.load("measure-first/tiny-advice-classifier")
row = next(line for line in text.content.splitlines() if line.startswith("| accuracy on the 126"))
check.each(card_says, {"license": text.data.license, "base_model": text.data.base_model, "trained_on": 756, "accuracy": float(row.split("|")[2]), "measured_on": 126,
                       "real_posts": False, "commercial": True, "tiny-encoder-cased for a shop": False}, atol=0.0006, rtol=0, hint={
    "license": "as it stands behind license: in the metadata", "base_model": "with its owner: owner/name", "real_posts": "read What it cannot do", "commercial": "what does CC BY ask for?",
    "accuracy": "as a share, not in per cent", "tiny-encoder-cased for a shop": "NC", "trained_on": "how it was made", "measured_on": "in what was measured"})
### END HIDDEN TESTS

# %% written="card_decision" points=3
# **Decide** (6 minutes · 3 points). Shall Dunja switch the lamp on, with this model, as it is? Say yes, no, or yes with conditions, in four to eight sentences. Use at least two things from the card (with their numbers), say what it costs when the lamp is wrong in each direction, and what you would measure before it stays on.
#
# ### BEGIN SOLUTION
# Takes a position; uses two facts of the card (invented posts by few writers, accuracy on 126 posts with a standard error of about two hundredths, must not decide about people in trouble, 256 tokens, licence asks for attribution); weighs the two mistakes (advice to somebody who vents:
# an angry mail; silence to somebody who asks: no help, worse); proposes a measurement on Dunja's own posts: label a hundred or two by hand, two people, look at agreement, accuracy and at the wrong ones. Example: "Yes, as a hint to the moderator and not as an automatic answer …". 3: position, two facts, both mistakes and a
# measurement; 2: one of these missing; 1: a position with a reason.
# ### END SOLUTION

# %% [markdown]
# ## 5 · What is in the file
#
# For years weights were published as **[pickles](docs/glossary.md#pickle)** (`pytorch_model.bin`). A pickle is not data, it is a small *program* that builds objects, and it may call any function that it can import. `torch.load` of a stranger's file without `weights_only` is running a stranger's program. The picture of what that means, harmless:

# %% tags=["fixture"]
class Greeting:
    """An object whose pickle, when it is loaded, calls print. It could call anything else."""

    def __reduce__(self):
        return print, ("this line was printed by loading a file",)


PICKLED = pickle.dumps(Greeting(), protocol=2)

# %% tags=["demo"]
pickle.loads(PICKLED)
pickletools.dis(PICKLED)
try:
    import io
    torch.load(io.BytesIO(PICKLED), weights_only=True)
except Exception as error:
    print("torch.load with weights_only=True:", next(line.strip() for line in str(error).splitlines() if "GLOBAL" in line)[:120])

# %% [markdown]
# ### Exercise 5.1 · Look before you load
# ●●●○○ · 10 minutes · 4 points
#
# `pickletools.genops(raw)` walks through a pickle's instructions **without executing them**: it yields `(opcode, argument, position)`, and `opcode.name` is a word such as `"BININT"` or `"REDUCE"`. What the words mean:
#
# | words | do |
# |---|---|
# | `GLOBAL`, `STACK_GLOBAL` | import something by name |
# | `REDUCE`, `INST`, `OBJ`, `NEWOBJ`, `NEWOBJ_EX` | call it |
# | `BUILD` | hand an object its state, which may call its `__setstate__` |
# | `EXT1`, `EXT2`, `EXT4` | import something by number |
# | `PERSID`, `BINPERSID` | call the loader's own function for things stored elsewhere |
# | all others | numbers, text, lists, dicts: data |
#
# Write `is_plain_data(raw)`: `True` if there is none of the words of the first five lines in it. What is no pickle at all (an exception of `genops`, or an end that is not reached) is not plain data either: `False`. **Never load it.**

# %% exercise="is_plain_data"
# exercise: is_plain_data
def is_plain_data(raw: bytes) -> bool:
    """Whether a pickle builds numbers, text, lists and dicts only. The pickle is not loaded."""
    ### BEGIN SOLUTION
    acts = {"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD", "EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"}
    try:
        return all(opcode.name not in acts for opcode, _, _ in pickletools.genops(raw))
    except Exception:
        return False
    ### END SOLUTION

# %% check="is_plain_data" points=4
check.calls(is_plain_data, forbidden=["pickle.loads", "pickle.load", "pickle.Unpickler", "torch.load"], hint="look at the instructions, and do not load")
check.equal(is_plain_data(pickle.dumps({"loss": [0.5, 0.25], "step": 3, "name": "a"})), True, of="a dict of numbers and text", hint="go by the instructions, not by the bytes")
check.equal(is_plain_data(PICKLED), False, of="the greeting", hint="REDUCE calls something")
### BEGIN HIDDEN TESTS
for raw, plain, what in (
    (pickle.dumps([1, (2, "x"), {"y": None}], protocol=0), True, "data in protocol 0"), (pickle.dumps(list(range(1000)), protocol=2), True, "data in protocol 2"),
    (pickle.dumps("the word REDUCE, and GLOBAL, as a text"), True, "a text in which REDUCE stands"), (pickle.dumps(Greeting(), protocol=0), False, "the greeting in protocol 0"),
    (pickle.dumps([1, 2, {"deep": [Greeting()]}]), False, "a greeting deep in a list"), (pickle.dumps(print), False, "a function, imported and not called"),
    (b"cos\nsystem\n.", False, "os.system, imported and not called"), (b"(S'echo'\nios\nsystem\n.", False, "INST"), (b"(cos\nsystem\nS'echo'\no.", False, "OBJ"),
    (pickle.dumps([complex(1, 2)]), False, "a complex number, which is made by a call"), (b"Psomething\n.", False, "PERSID"), (b"\x82\x01.", False, "EXT1"),
    (b"no pickle at all", False, "no pickle"), (b"", False, "no bytes"), (pickle.dumps([1, 2, 3])[:-1], False, "a pickle that is cut off"),
    (pickle.dumps(torch.float32), False, "a dtype"), (b"}}b.", False, "BUILD"),
):
    check.equal(is_plain_data(raw), plain, of=what, hint="go by the instruction's name, opcode.name")
### END HIDDEN TESTS

# %% [markdown]
# A *state dict* is no plain data: tensors are rebuilt by calls. So a looker-on needs a list of *allowed* calls, and that is what `weights_only=True` is. **[safetensors](docs/glossary.md#safetensors)** takes the other way: a format in which there is nothing to call.
#
# ### Exercise 5.2 · Read a safetensors file by hand
# ●●●●○ · 15 minutes · 5 points
#
# The whole format:
#
# | bytes | |
# |---|---|
# | 8 | n, the length of the header: a whole number, little-endian, unsigned (`struct.unpack("<Q", …)`) |
# | n | JSON: name → `{"dtype": "F16", "shape": [2, 3], "data_offsets": [begin, end]}`, and perhaps `"__metadata__"`, which is no tensor |
# | the rest | the numbers. Offsets count from the end of the header, not from the beginning of the file |
#
# Write `read_tensors(raw)`: all tensors of a file, name → tensor, with the right dtype and shape (`DTYPES` in the next cell knows the dtypes' names). Raise a `ValueError` where the file contradicts itself: shorter than the first 8 bytes, header longer than the file, offsets outside of the data, or bytes that are not as many as shape and dtype need.
#
# <details><summary>Hint: bytes to a tensor</summary>
# <code>torch.frombuffer(bytearray(part), dtype=…).reshape(shape)</code>. An empty buffer is refused: <code>torch.empty(shape, dtype=…)</code> for a tensor without numbers.
# </details>
# <details><summary>Hint: how many bytes?</summary>
# <code>math.prod(shape) * dtype.itemsize</code>; the product of no sides at all is 1.
# </details>

# %% tags=["fixture"]
DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8, "BOOL": torch.bool}


def weights_of(model_id: str) -> bytes:
    """The bytes of a model's weights, from the Hub or from the cache."""
    with open(api.hf_hub_download(model_id, "model.safetensors"), "rb") as file:
        return file.read()

# %% tags=["demo"]
raw = weights_of("measure-first/tiny-encoder-cased")
print(len(raw), "bytes, that begin with", raw[:8], "=", struct.unpack("<Q", raw[:8])[0])
print(raw[8:400].decode())

# %% exercise="read_tensors"
# exercise: read_tensors
def read_tensors(raw: bytes) -> dict[str, torch.Tensor]:
    """All tensors of a safetensors file. Raises ValueError for a file that contradicts itself."""
    ### BEGIN SOLUTION
    if len(raw) < 8:
        raise ValueError("shorter than the length of its header")
    (length,) = struct.unpack("<Q", raw[:8])
    if 8 + length > len(raw):
        raise ValueError(f"a header of {length} bytes in a file of {len(raw)}")
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        dtype, shape, (begin, end) = DTYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        if not 0 <= begin <= end <= len(data) or end - begin != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{name}: bytes {begin} to {end} are not {shape} of {dtype}")
        part = bytearray(data[begin:end])
        found[name] = (torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)).reshape(shape)
    return found
    ### END SOLUTION

# %% check="read_tensors" points=5
from safetensors.torch import save

tensors = {"weight": torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "bias": torch.tensor([0.5, -0.5], dtype=torch.float16)}
got = read_tensors(save(tensors))
check.equal(sorted(got), ["bias", "weight"], of="names")
check.close(got["weight"], tensors["weight"], of="weight", hint="offsets count from the end of the header: 8 + n")
check.close(got["bias"], tensors["bias"], of="bias, in float16", hint="does the dtype come from the header?")
### BEGIN HIDDEN TESTS
many = {"a": torch.randn(3, 4), "b": torch.randn(2, 3, 5).to(torch.bfloat16), "c": torch.arange(6).reshape(3, 2), "d": torch.tensor([True, False]), "e": torch.tensor(2.5, dtype=torch.float64),
        "f": torch.randn(4, 2).half(), "g": torch.zeros(0, 3), "h": torch.arange(5, dtype=torch.uint8)}
got = read_tensors(save(many, metadata={"format": "pt", "made": "for a check"}))
check.equal(sorted(got), sorted(many), of="names of eight tensors with metadata", hint="__metadata__ is no tensor")
for name, tensor in many.items():
    check.shape(got[name], tuple(tensor.shape), of=f"{name}, {tensor.dtype}")
    check.close(got[name], tensor, of=f"{name}, {tensor.dtype}", hint="which bytes? And which dtype?")
true = AutoModel.from_pretrained("measure-first/tiny-encoder-cased", dtype=torch.float16)
real = read_tensors(weights_of("measure-first/tiny-encoder-cased"))
name = "encoder.layer.1.attention.self.query.weight"
check.close(real["bert." + name], true.state_dict()[name], of=f"{name} of tiny-encoder-cased")

def file_of(header, data=b"", length=None):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data

one = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
empty = {"x": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}
for broken, what in ((file_of({"x": one}, bytes(8), length=10**12), "a header longer than the file"), (file_of(empty, length=len(json.dumps(empty)) + 5), "a header that ends five bytes after the file"), (file_of({"x": one}, bytes(4)), "offsets outside of the data"),
                     (file_of({"x": {**one, "shape": [3]}}, bytes(8)), "fewer bytes than shape and dtype need"), (file_of({"x": {**one, "shape": [1]}}, bytes(8)), "more bytes than shape and dtype need"),
                     (b"\x01\x02", "a file of two bytes")):
    check.raises(ValueError, lambda broken=broken: read_tensors(broken), of=what)
### END HIDDEN TESTS

# %% [markdown]
# All that a format without calls needs is in the header. So a program can ask for *one* tensor of a file of 100 GB by its offsets, over the network; and nobody has to trust anybody. (The Hub shows sizes and dtypes of models because it reads these headers.) Note the dtype, too: the file holds float16, and yet `from_pretrained` gave you float32, for `config.json` says so.
#
# **Predict.** What takes most of the encoder's file: the table of its 3,000 words, or one of its four layers?

# %% tags=["demo"]
found = read_tensors(weights_of(hub.encoder))
sizes = {}
for name, tensor in found.items():
    part = "word embeddings" if "word_emb" in name else "other embeddings" if "embeddings" in name else name.split("layer.")[1][0] if "layer." in name else "head for hidden words"
    sizes[f"layer {part}" if part.isdigit() else part] = sizes.get(f"layer {part}" if part.isdigit() else part, 0) + tensor.nbytes
fig, ax = plt.subplots(figsize=(7, 2.9))
ax.barh(list(sizes), [count / 1e6 for count in sizes.values()])
ax.invert_yaxis()
ax.set(xlabel="MB", title=f"{len(found)} tensors, all of them {', '.join(sorted({str(tensor.dtype)[6:] for tensor in found.values()}))}")
lesson.show(fig, alt="What the bytes of the encoder's file are: " + ", ".join(f"{part} {count / 1e6:.2f} MB" for part, count in sizes.items()) + ".")

# %% [markdown]
# **Reconcile.** The words: 3,000 rows of 128 numbers, against about 12 · 128² in a layer (count again in exercise 4.2). Layers grow with the square of the width and the table does not, so in large models it is the other way round.
#
# ## 6 · Once is enough
#
# `from_pretrained` downloads into a **cache** and looks there first. How does it know that the file on the Hub is still the one in the cache, without fetching it? By a fingerprint of the contents, the **etag**. The Hub has two kinds:
#
# | file | fingerprint |
# |---|---|
# | small ones, text: kept in git | git's: SHA-1 of `b"blob "`, the size in bytes as decimal digits, a zero byte, and the contents |
# | large ones, weights: kept beside git | SHA-256 of the contents |
#
# A **[revision](docs/glossary.md#revision)** is a branch, a tag, or the 40 digits of a commit. `main` moves; a commit does not. Whoever wants next year what ran today writes `revision="…"`, the 40 digits.

# %% tags=["demo"]
for entry in api.list_repo_tree(hub.encoder):
    print(f"{entry.path:24} {entry.size:>9,} bytes   git {entry.blob_id}   {'sha256 ' + entry.lfs.sha256 if entry.lfs else ''}")
print("commit of main:", api.model_info(hub.encoder).sha)

# %% [markdown]
# ### Exercise 6.1 · What has to be fetched?
# ●●●○○ · 10 minutes · 4 points
#
# Write `to_fetch(have, remote)`. `have` is name → bytes: what lies here. `remote` is name → `{"size": …, "git": …, "sha256": … or None}`: what the Hub says. It returns a sorted list of the names that have to be fetched: those that are not here, and those whose contents are others. A large file has a `sha256`, and its `git` is then the fingerprint of a *pointer*, not of the contents: do not use it. What lies here and is not on the Hub is left alone.

# %% exercise="to_fetch"
# exercise: to_fetch
def to_fetch(have: dict[str, bytes], remote: dict[str, dict]) -> list[str]:
    """Names that are missing here or have other contents on the Hub."""
    ### BEGIN SOLUTION
    def same(content, entry):
        if entry["sha256"]:
            return hashlib.sha256(content).hexdigest() == entry["sha256"]
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == entry["git"]

    return sorted(name for name, entry in remote.items() if name not in have or not same(have[name], entry))
    ### END SOLUTION

# %% check="to_fetch" points=4
def entry_of(content, large=False):
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    return {"size": len(content), "git": "0" * 40 if large else git, "sha256": hashlib.sha256(content).hexdigest() if large else None}

remote = {"config.json": entry_of(b"{}"), "model.safetensors": entry_of(b"many numbers", large=True)}
check.equal(to_fetch({}, remote), ["config.json", "model.safetensors"], of="an empty cache", hint="all that is there, sorted")
check.equal(to_fetch({"config.json": b"{}", "model.safetensors": b"many numbers"}, remote), [], of="all is here", suspects={
    "a small file's fingerprint is git's: blob, size, zero byte, contents": ["config.json"], "a large file goes by sha256: its git is a pointer's": ["model.safetensors"]})
### BEGIN HIDDEN TESTS
here = {"config.json": b"{}", "model.safetensors": b"many numbers", "notes.txt": b"mine"}
check.equal(to_fetch(here, remote), [], of="a file that is here only", hint="what is not on the Hub is left alone")
check.equal(to_fetch({**here, "config.json": b"[]"}, remote), ["config.json"], of="a small file of the same size with other contents", hint="compare the contents' fingerprint, not the size")
check.equal(to_fetch({**here, "model.safetensors": b"more numbers"}, remote), ["model.safetensors"], of="a large file of the same size with other contents", hint="compare the fingerprint, not the size")
check.equal(to_fetch({**here, "model.safetensors": b""}, remote), ["model.safetensors"], of="an empty file")
words = "naïve café".encode()
check.equal(to_fetch({"a": words, "b": words, "c": b"\x00\xff"}, {"c": entry_of(b"\x00\xff"), "b": entry_of(words + b"\n"), "a": entry_of(words), "d": entry_of(b"")}), ["b", "d"], of="accents, bytes that are no text, a new line at the end", hint="the size is in bytes")
tree = {entry.path: entry for entry in api.list_repo_tree(hub.encoder)}
said = {name: {"size": entry.size, "git": entry.blob_id, "sha256": entry.lfs.sha256 if entry.lfs else None} for name, entry in tree.items()}
files = {}
for name in tree:
    with open(api.hf_hub_download(hub.encoder, name), "rb") as file:
        files[name] = file.read()
check.equal(to_fetch(files, said), [], of="the course's encoder, downloaded a moment ago")
check.equal(to_fetch({**files, "README.md": files["README.md"] + b" "}, said), ["README.md"], of="the same with a blank more in its README")
### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Tomorrow somebody mends one letter in the encoder's README, and you call for all five files again. How many bytes come over the network?

# %% tags=["demo"]
here, there = {}, {}
for entry in api.list_repo_tree(hub.encoder):
    with open(api.hf_hub_download(hub.encoder, entry.path), "rb") as file:
        here[entry.path] = file.read()
    there[entry.path] = {"size": entry.size, "git": entry.blob_id, "sha256": entry.lfs.sha256 if entry.lfs else None}
there["README.md"]["git"] = "0" * 40  # the fingerprint of other contents
fetched = to_fetch(here, there)
print("fetched:", fetched, "·", f"{sum(there[name]['size'] for name in fetched):,} of {sum(entry['size'] for entry in there.values()):,} bytes")

# %% [markdown]
# **Reconcile.** A few lines of text, and none of the weights: 64 characters of fingerprint agree, so nobody has to send them. This is why the first `from_pretrained` of a large model takes minutes and the second a moment.
#
# ## 7 · The baseline in fifteen lines
#
# Here is a test for any plan of six weeks: **how far do fifteen lines get?** A model from the Hub, frozen; the mean of its states as features; a **[logistic regression](docs/glossary.md#logistic-regression)** (one linear layer and softmax, fitted by scikit-learn in a moment). No GPU, no loop. If that is good enough, you are done before lunch. If not, you have a number to beat, and whoever cannot beat it has built something worse than a lunch break.
#
# First the number. *Accuracy* is the share that is right. With 95 vents and 5 requests, "vents, always" has an accuracy of 0.95 and helps nobody. So one looks at each label by itself: **[precision](docs/glossary.md#precision-and-recall)** (of those it called so, how many are; nothing to do with lesson 06's bits), **recall** (of those that are, how many it called so), and **[F1](docs/glossary.md#f1-score)**, their harmonic mean: $2 \cdot tp / (2 \cdot tp + fp + fn)$ with $tp$ hits, $fp$ false alarms and $fn$ misses of this label. *Macro* F1 is the plain mean of the labels' F1, each label counting the same, however rare.
#
# ### Exercise 7.1 · Accuracy and F1
# ●●○○○ · 8 minutes · 4 points
#
# Write `scores(labels, guesses)`: `{"accuracy": …, "f1": …, "macro_f1": …}`. `"f1"` is that of label 1. The labels that count for `"macro_f1"` are those that occur in either list, whichever they are. An F1 of 0/0 is 0. For labels `[1, 1, 0, 0, 0]` and guesses `[1, 0, 0, 0, 1]`: accuracy 3/5, F1 of label 1 = 2·1/(2·1 + 1 + 1) = 0.5, of label 0 = 2·2/(2·2 + 1 + 1) = 0.667, macro 0.583.

# %% exercise="scores"
# exercise: scores
def scores(labels: list[int], guesses: list[int]) -> dict[str, float]:
    """Accuracy, F1 of label 1 and macro F1. labels, guesses: whole numbers, as many of one as of the other."""
    ### BEGIN SOLUTION
    pairs = list(zip(labels, guesses, strict=True))

    def f1(label):
        right = sum(a == b == label for a, b in pairs)
        wrong = sum((a == label) != (b == label) for a, b in pairs)
        return 2 * right / (2 * right + wrong) if right else 0.0

    kinds = {*labels, *guesses}
    return {"accuracy": sum(a == b for a, b in pairs) / len(pairs), "f1": f1(1), "macro_f1": sum(map(f1, kinds)) / len(kinds)}
    ### END SOLUTION

# %% check="scores" points=4
want = {"accuracy": 0.6, "f1": 0.5, "macro_f1": (0.5 + 2 / 3) / 2}
check.close(scores([1, 1, 0, 0, 0], [1, 0, 0, 0, 1]), want, of="five posts", suspects={
    "that F1 is of label 0": {**want, "f1": 2 / 3}, "macro: every label counts the same, however rare": {**want, "macro_f1": 0.6}})
### BEGIN HIDDEN TESTS
cases = {"vents, always": ([0] * 19 + [1], [0] * 20), "all right": ([0, 1, 1], [0, 1, 1]), "all wrong": ([0, 1, 1], [1, 0, 0]), "one label": ([1, 1], [1, 1]),
         "only zeros": ([0, 0, 0], [0, 0, 0]), "precision and recall differ": ([1, 1, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0]), "three labels": ([0, 1, 2, 2, 1, 0, 2], [0, 2, 2, 2, 1, 1, 0]), "a guess that is no label": ([0, 1], [0, 5])}
cases["random"] = (torch.randint(4, (60,)).tolist(), torch.randint(4, (60,)).tolist())
for name, (labels, guesses) in cases.items():
    true = {"accuracy": sum(a == b for a, b in zip(labels, guesses)) / len(labels), "f1": float(f1_score(labels, guesses, labels=[1], average="macro", zero_division=0)), "macro_f1": float(f1_score(labels, guesses, average="macro", zero_division=0))}
    precision = sum(a == b == 1 for a, b in zip(labels, guesses)) / max(1, sum(b == 1 for b in guesses))
    weighted = float(f1_score(labels, guesses, average="weighted", zero_division=0))
    occurring = float(f1_score(labels, guesses, labels=sorted(set(labels)), average="macro", zero_division=0))
    suspects = {"a label that was only guessed counts, too": {**true, "macro_f1": occurring}, "precision is half of it: and those that were missed?": {**true, "f1": precision}, "macro: every label counts the same, however rare": {**true, "macro_f1": weighted}}
    check.close(scores(labels, guesses), true, of=name, suspects={hint: wrong for hint, wrong in suspects.items() if wrong != true}, hint="2·tp / (2·tp + fp + fn) for each label that occurs; 0/0 is 0")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 7.2 · Fifteen lines, any model
# ●●●○○ · 15 minutes · 7 points
#
# Write `baseline(model_id, train, test)`. `train` and `test` are dicts with `"text"` and `"label"` (lists). It loads tokenizer and model by their ID, makes a vector of each text (the mean of the last hidden states over the real tokens), fits `LogisticRegression(C=10, max_iter=2000)` to the training texts, and returns `scores(…)` on the test texts.
#
# Two conditions:
#
# - The **same function works for any ID**: a BERT of 4 layers, one of 2, a cased one, a Llama (the course's decoder). Nothing of an architecture in the code.
# - **At most fifteen lines of code** in the function: the lines of `def`, comments, empty lines and docstrings do not count, a line counts once for each 120 characters that it has begun. Helpers that you write into this cell count as well. You may use everything that you wrote in this lesson.
#
# It learns nothing from the test texts, and gives the same answer each time.
#
# <details><summary>Hint: which class loads "any" model?</summary>
# <code>AutoModel</code>. It reads config.json and builds what stands there: that is all there is to swapping an architecture.
# </details>
# <details><summary>Hint: not every model takes token_type_ids</summary>
# <code>model(**tokenizer(…))</code> hands over exactly what this tokenizer makes for this model.
# </details>

# %% exercise="baseline"
# exercise: baseline
def baseline(model_id: str, train: dict, test: dict) -> dict[str, float]:
    """scores on the test texts of a logistic regression on a frozen model's mean-pooled states."""
    ### BEGIN SOLUTION
    tokenizer = AutoTokenizer.from_pretrained(model_id)
    model = AutoModel.from_pretrained(model_id).eval()

    def vectors(texts):
        made = []
        for at in range(0, len(texts), 32):
            batch = tokenizer(texts[at : at + 32], padding=True, truncation=True, return_tensors="pt")
            with torch.no_grad():
                made.append(mean_pool(model(**batch).last_hidden_state, batch["attention_mask"]))
        return torch.cat(made).numpy()

    judge = LogisticRegression(C=10, max_iter=2000).fit(vectors(train["text"]), train["label"])
    return scores(test["label"], judge.predict(vectors(test["text"])).tolist())
    ### END SOLUTION

# %% tags=["fixture"]
def part_of(split: str, count: int) -> dict:
    """The first posts of a split: {"text": […], "label": […]}."""
    some = posts[split][:count]
    return {"text": list(some["text"]), "label": list(some["label"])}

# %% check="baseline" points=5
few = baseline("measure-first/tiny-encoder-cased", part_of("train", 60), part_of("validation", 30))
check.that(isinstance(few, dict) and set(few) == {"accuracy", "f1", "macro_f1"}, expected='what scores returns: "accuracy", "f1" and "macro_f1"', got=f"your answer is {few!r:.60}")
### BEGIN HIDDEN TESTS
def states_of(model_id, texts):
    words, net, made = AutoTokenizer.from_pretrained(model_id), AutoModel.from_pretrained(model_id).eval(), []
    with torch.no_grad():
        for at in range(0, len(texts), 64):
            batch = words(texts[at : at + 64], padding=True, truncation=True, return_tensors="pt")
            states, keep = net(**batch).last_hidden_state, batch["attention_mask"].unsqueeze(-1)
            made.append((states * keep).sum(1) / keep.sum(1))
    return torch.cat(made)

def scores_of(labels, guesses):
    f1 = {kind: float(f1_score(labels, guesses, labels=[1] if kind == "f1" else None, average="macro", zero_division=0)) for kind in ("f1", "macro_f1")}
    return {"accuracy": sum(a == b for a, b in zip(labels, guesses)) / len(labels), **f1}

train, test = part_of("train", 60), part_of("validation", 30)
check.equal(baseline("measure-first/tiny-encoder-cased", train, test), few, of="the same once more", hint="is dropout off, and nothing drawn at random?")
# With the test's labels turned round the guesses stay, and right becomes wrong.
turned = {"text": test["text"], "label": [1 - label for label in test["label"]]}
check.close(baseline("measure-first/tiny-encoder-cased", train, turned)["accuracy"], 1 - few["accuracy"], atol=1e-6, of="accuracy with the test's labels turned round", hint="does it learn from train alone?")
for model_id in ("measure-first/tiny-encoder-2-layers", "measure-first/tiny-decoder"):
    train, test = part_of("train", 100), part_of("validation", 60)
    rows, others = (states_of(model_id, part["text"]) for part in (train, test))
    if model_id.endswith("decoder"):  # a label that only this model's own states know: on which side of a plane through their middle
        plane = torch.randn(rows.shape[1], generator=torch.Generator().manual_seed(5))
        for part, vectors in ((train, rows), (test, others)):
            part["label"] = ((vectors - rows.mean(0)) @ plane > 0).long().tolist()
    guesses = LogisticRegression(C=10, max_iter=2000).fit(rows.numpy(), train["label"]).predict(others.numpy()).tolist()
    # Padded or one by one: in 30 draws of 160 posts at most 1 of 100 guesses changed. Room for two of 60.
    check.close(baseline(model_id, train, test), scores_of(test["label"], guesses), atol=0.035, rtol=0, of=f"{model_id.split('/')[1]}, 100 posts to train on",
                hint="this ID's own tokenizer and model, the mean over the real tokens of the last states, LogisticRegression(C=10, max_iter=2000)")
### END HIDDEN TESTS

# %% check="baseline" part="lines" points=2
from autograde.check.syntax import source_of

tried = baseline("measure-first/tiny-encoder-cased", part_of("train", 20), part_of("validation", 4))  # it must run before its lines count
check.that(isinstance(tried, dict) and set(tried) == {"accuracy", "f1", "macro_f1"}, expected='what scores returns: "accuracy", "f1" and "macro_f1"', got=f"your answer is {tried!r:.60}")
found = source_of(baseline)
check.that(found is not None, expected="a function called baseline", got="yours has no code to be read")
statements = [node for top in found.nodes for node in ast.walk(top) if isinstance(node, ast.stmt)]
docstrings = {line for node in statements if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for line in range(node.lineno, node.end_lineno + 1)}
signature = {line for top in found.nodes if getattr(top, "name", "") == "baseline" for line in range(top.lineno, top.body[0].lineno)}
numbers = {line for node in statements for line in range(node.lineno, node.end_lineno + 1)} - docstrings - signature
lines = [line for n, line in enumerate(found.text.splitlines(), 1) if n in numbers and line.strip() and not line.strip().startswith("#")]
count = sum(-(-len(line) // 120) for line in lines)
check.that(count <= 15, expected="at most fifteen lines of code", got=f"yours has {count}", hint="what did you write already, earlier in this lesson?")
### BEGIN HIDDEN TESTS
# Two lines that know nothing are short as well: so these must be a baseline's. The labels of the test are what a right one guesses, and the opposite.
words, net = AutoTokenizer.from_pretrained("measure-first/tiny-encoder-cased"), AutoModel.from_pretrained("measure-first/tiny-encoder-cased").eval()
def pooled_states(texts):
    batch = words(texts, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        states, keep = net(**batch).last_hidden_state, batch["attention_mask"].unsqueeze(-1)
    return ((states * keep).sum(1) / keep.sum(1)).numpy()

train, test = part_of("train", 60), part_of("validation", 30)
guesses = LogisticRegression(C=10, max_iter=2000).fit(pooled_states(train["text"]), train["label"]).predict(pooled_states(test["text"])).tolist()
# Who always says the same has 0.57 and 0.43 here, a baseline with dropout left on 0.73 to 1 (40 seeds): that is another check's business.
for labels, low, high, what in ((guesses, 0.65, 1.0, "right"), ([1 - guess for guess in guesses], 0.0, 0.35, "wrong")):
    tried = baseline("measure-first/tiny-encoder-cased", train, {"text": test["text"], "label": labels})
    check.within(tried["accuracy"], low, high, of=f"the accuracy where a right baseline's guesses are {what}", hint="short counts where it is right, too")
### END HIDDEN TESTS

# %% [markdown]
# **Predict, measure, reconcile.** Same code, five IDs. Which one will be best: the encoder, its half with two layers, the small cased one that was never trained to tell texts apart, the Llama, or the encoder that was *fine-tuned* for this very task? And how far does one get without any model, by counting words and pairs of words, the rare ones weighing more (**[TF-IDF](docs/glossary.md#tf-idf)**)? The bars show one **[standard error](docs/glossary.md#standard-error)**: what another 126 posts could easily have given.

# %% tags=["demo"]
from sklearn.feature_extraction.text import TfidfVectorizer

train, test = part_of("train", 756), part_of("validation", 126)
table = {}
for name in ("tiny-encoder", "tiny-encoder-2-layers", "tiny-encoder-cased", "tiny-decoder", "tiny-advice-classifier"):
    began = time.perf_counter()
    table[name] = baseline(f"measure-first/{name}", train, test)
    model = AutoModel.from_pretrained(f"measure-first/{name}")
    print(f"{name:24} {type(model).__name__:11} {sum(p.numel() for p in model.parameters()):>9,}   accuracy {table[name]['accuracy']:.3f}   macro F1 {table[name]['macro_f1']:.3f}   {time.perf_counter() - began:4.1f} s")
bag = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(train["text"])
table["no model: TF-IDF"] = scores(test["label"], LogisticRegression(C=10, max_iter=2000).fit(bag.transform(train["text"]), train["label"]).predict(bag.transform(test["text"])).tolist())
fig, ax = plt.subplots(figsize=(8, 2.9))
ax.barh(list(table), [row["accuracy"] for row in table.values()], color=["#0072B2"] * 3 + ["#009E73", "#D55E00", "#999999"], xerr=[(row["accuracy"] * (1 - row["accuracy"]) / 126) ** 0.5 for row in table.values()])
ax.axvline(0.5, color="black", lw=1, ls=":")
ax.invert_yaxis()
ax.set(xlim=(0.4, 1), xlabel="accuracy on 126 validation posts (bars: one standard error; dotted: a coin)", title="Blue: BERT. Green: Llama. Orange: fine-tuned")
lesson.show(fig, alt="Accuracy on the validation posts: " + ", ".join(f"{name} {row['accuracy']:.3f}" for name, row in table.items()) + ". One standard error is about 0.03.")

# %% [markdown]
# **Reconcile.** Same function, four kinds of model: that is what "swap the architecture by changing one ID" means. The frozen features of an encoder that has read two million characters are worth something. The one whose weights were *trained for the task* is worth more: that is what fine-tuning buys, and [lesson 09](release/09_adapt/09_adapt.ipynb) counts what it costs.
#
# And the grey bar? **No model at all**, counted words and pairs of words, is as good as the best of the five, within a standard error. This is the most useful result of the lesson, and you would not have it without the fifteen lines: here a download has to prove first that it is better than counting words. On the real Hub there are encoders that have read a thousand times more. The data set's card says what one of them reached on these very posts:

# %% tags=["demo"]
from huggingface_hub import DatasetCard

table_rows = [line for line in DatasetCard.load(hub.posts).content.splitlines() if "learnt from" in line or "TF-IDF" in line or "MiniLM" in line]
print(*table_rows, sep="\n")

# %% [markdown]
# Whether that difference is worth a download, a licence and a GPU is now a question with numbers in it.
#
# ## 8 · When it breaks
#
# Messages that you will meet, and a mistake that sends none.

# %% tags=["demo"]
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError


def told(what, attempt):
    """Try something, and print how it fails."""
    try:
        print(f"— {what}: no error. {attempt()}")
    except Exception as error:
        print(f"— {what}: {type(error).__name__}: {' '.join(str(error).split())[:150]}")

told("a misspelt ID", lambda: api.model_info("measure-first/tiny-encoda"))
told("a file that is not there", lambda: api.hf_hub_download(hub.encoder, "pytorch_model.bin"))
long = tokenizer(" ".join(posts["train"]["text"][:10]), return_tensors="pt")
told(f"{long['input_ids'].shape[1]} tokens for 256 positions", lambda: encoder(**long))
told("mended by truncation", lambda: tuple(encoder(**tokenizer(" ".join(posts["train"]["text"][:10]), truncation=True, return_tensors="pt")).last_hidden_state.shape))
told("rows of different lengths", lambda: tokenizer(["Why?", "Why not now?"], return_tensors="pt"))
told("the ids of another tokenizer", lambda: AutoModel.from_pretrained("measure-first/tiny-decoder")(input_ids=torch.tensor([[2, 2900, 3]])))
told("half of another's key: small ids fit, and mean nothing", lambda: by_bytes.decode(tokenizer("my bread is flat")["input_ids"]))

# %% [markdown]
# The last one is the worst, because nothing raises. **Tokenizer and model always come from the same ID.**
#
# And now the real Hub, if this machine is large enough for it and reaches it. The same code, with other IDs: what has your search to say about {{fact:hf_models}} models? Afterwards `lesson.hub("ci")` goes back to the course's own.

# %% tags=["demo"]
from autograde.lesson.hub import choose as hubs

hubs.disconnect()
real = lesson.hub()
if real.local:
    print("Not from here:", real)
else:
    for found in real.api().list_models(pipeline_tag="text-classification", sort="downloads", limit=5, expand=["downloads"]):
        print(f"{found.id:70} {found.downloads:>12,} downloads")
    print(bert_parameters(AutoConfig.from_pretrained(real.encoder).to_dict()), "parameters in", real.encoder, "by your formula")
    print(baseline(real.encoder, part_of("train", 756), part_of("validation", 126)))
hubs.disconnect()
print("back on", lesson.hub("ci"))

# %% [markdown]
# ## Takeaways
#
# - Ask first whether somebody has trained it. Search by task, licence, size and date; read the card to its end; then measure on **your** texts.
# - A tokenizer throws away what its model did not need. Know what. It belongs to its model.
# - Padding must not change an answer: mask, then average. Sort, and put back.
# - `pipeline` is tokenizer, model, softmax and a name. A score is not a frequency.
# - A new head is random. The report says which parameters are new: read it.
# - safetensors is data, a pickle is a program. Pin a revision by its 40 digits.
# - Fifteen lines give the number that every larger plan has to beat.
#
# **Words from this lesson:** [attention mask](docs/glossary.md#attention-mask), [encoder](docs/glossary.md#encoder), [F1](docs/glossary.md#f1-score), [head](docs/glossary.md#head), [Hub](docs/glossary.md#hub), [logistic regression](docs/glossary.md#logistic-regression), [logits](docs/glossary.md#logits), [mean pooling](docs/glossary.md#mean-pooling), [model card](docs/glossary.md#model-card), [pickle](docs/glossary.md#pickle), [pipeline](docs/glossary.md#pipeline),
# [precision and recall](docs/glossary.md#precision-and-recall), [revision](docs/glossary.md#revision), [safetensors](docs/glossary.md#safetensors), [softmax](docs/glossary.md#softmax), [Space](docs/glossary.md#space), [standard error](docs/glossary.md#standard-error), [TF-IDF](docs/glossary.md#tf-idf), [token](docs/glossary.md#token), [tokenizer](docs/glossary.md#tokenizer).
#
# **To read next**: the documentation of `huggingface_hub` on searching and downloading; the description of the safetensors format, which is shorter than this lesson; *Model Cards for Model Reporting* (Mitchell and others, 2019).
#
# The last cell looks your notebook through before you hand it in.

# %% tags=["demo"]
lesson.hand_in("08_hub")
