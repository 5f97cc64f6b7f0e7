# %% [markdown]
# ## The price of a macron
#
# Leilani records old people in Apia who tell *fāgogo*, Samoan bedtime tales that are half sung. She types them up and wants a model that suggests the next word. The service she tries bills by the **token**, and the first bill is a surprise: her two pages of Samoan
# cost three times what two pages of English cost. She counts letters. There are *fewer* in the Samoan text.
#
# The model has never seen a letter in its life. It sees tokens, and tokens were cut for somebody else's text. Tokens are the currency of this trade: they set the bill, the length of the context, the FLOPs (6 for each parameter and *token*) and how much a model learns.
#
# In this lesson you mint the currency yourself, count it, keep it on disk, and see that it is spent on something. The most expensive bug of all does not stop any program: a loader that hands out the same batch again and again.

# %% tags=["fixture"]
import json
import math
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from pydoc_data.topics import topics

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from torch.utils.data import DataLoader, Dataset

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)

# %% [markdown]
# A few sentences to begin with, our own, in school Samoan. Leilani's recordings stay hers.

# %% tags=["fixture"]
TALE = (
    "O le tala lenei i le fāgogo a le tama ma le manu. Sa nofo le tama i le matafaga, ma sa lele mai le manu. "
    "“E te sau i fea?” “Ou te sau i le sami, ma ou te alu i le vao.” Sa pese le tama, ma sa pese le manu. "
)

# %% [markdown]
# ## 1 · Letters, bytes
#
# A file holds bytes. UTF-8 writes each character in one to four of them: one for plain English letters, two for most other letters of Europe and for ā, three for most of Asia's signs and for “ ”, four for emoji.
#
# ### Exercise 1.1 · Count bytes
# ●○○○○ · 3 minutes · 2 points
#
# **Predict** the number of bytes.

# %% exercise="utf8"
# exercise: utf8
utf8 = {
    "tala": ...,
    "fāgogo": ...,
    "“E”": ...,
    "日本": ...,
    "🙂!": ...,
}
### BEGIN SOLUTION
utf8 = {"tala": 4, "fāgogo": 7, "“E”": 7, "日本": 6, "🙂!": 5}
### END SOLUTION

# %% check="utf8" points=2
words = ["tala", "fāgogo", "“E”", "日本", "🙂!"]
check.each(utf8, dict.fromkeys(words, 0.0), atol=1e9, of="any five numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
check.each(utf8, {word: len(word.encode()) for word in words}, hint={
    "tala": "plain letters take one byte", "fāgogo": "how many does the ā take?", "“E”": "curly quotes are not plain quotes",
    "日本": "three bytes for each sign", "🙂!": "four for the face, and one more"})
### END HIDDEN TESTS

# %% tags=["demo"]
for word in utf8:
    print(f"{word:8} {len(word):2} characters  {len(word.encode()):2} bytes   yours: {utf8[word]}   {list(word.encode())}")

# %% [markdown]
# **Reconcile.** Bytes would do as tokens: 256 of them spell any text in any language. But then a page is 3,000 tokens long, and attention pays for length squared. So frequent sequences of bytes get a token of their own. Frequent *in whose text*? That is the price of the macron.
#
# ## 2 · Minting: byte-pair encoding
#
# [Byte-pair encoding](docs/glossary.md#byte-pair-encoding) is one idea. Start with bytes. Find the pair of neighbours that occurs most often, make it a token, replace it everywhere, and repeat.
#
# | step | ids of `aaabdaaabac` | most frequent pair | new token |
# |---|---|---|---|
# | 0 | a a a b d a a a b a c | (a, a), 4 times | 256 |
# | 1 | 256 a b d 256 a b a c | (a, b), twice, as (256, a): the smaller pair wins | 257 |
# | 2 | 256 257 d 256 257 a c | (256, 257), twice | 258 |
#
# Pairs are counted over all neighbours, overlaps included (`aaa` has two pairs). Replacing goes from left to right without overlaps (`aaa` becomes 256 a). Among equally frequent pairs the smallest wins, compared as Python compares tuples.
#
# ### Exercise 2.1 · Train
# ●●●○○ · 15 minutes · 5 points
#
# Write `bpe_train(text, merges)`. It returns a list of at most `merges` pairs in the order in which they were merged; the first becomes token 256, the next 257, and so on. It stops early when no pair occurs at least twice.
#
# For `bpe_train("aaabdaaabac", 3)`: `[(97, 97), (97, 98), (256, 257)]`.
#
# <details><summary>Hint: a helper</summary>
# Write <code>replaced(ids, pair, new)</code> first: it walks along the list and puts <code>new</code> where the pair stands. You will need it again for encoding.
# </details>

# %% exercise="bpe_train"
# exercise: bpe_train
def bpe_train(text: str, merges: int) -> list[tuple[int, int]]:
    """The merges that byte-pair encoding learns from a text, in order; merge number n makes token 256 + n."""
    ### BEGIN SOLUTION
    def replaced(ids, pair, new):
        out, i = [], 0
        while i < len(ids):
            if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
                out.append(new)
                i += 2
            else:
                out.append(ids[i])
                i += 1
        return out

    ids, learned = list(text.encode()), []
    while len(learned) < merges:
        counts = Counter(zip(ids, ids[1:]))
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        ids = replaced(ids, best, 256 + len(learned))
        learned.append(best)
    return learned
    ### END SOLUTION

# %% check="bpe_train" points=5
check.equal(bpe_train("aaabdaaabac", 3), [(97, 97), (97, 98), (256, 257)], of='"aaabdaaabac", 3 merges', suspects={
    "of equally frequent pairs the smallest wins": [(97, 97), (256, 97), (257, 98)]})
check.equal(bpe_train("abcd", 5), [], of="a text in which no pair occurs twice", hint="stop when the best pair occurs only once")
### BEGIN HIDDEN TESTS
def slow_train(text, merges):
    """The same, one obvious step after another."""
    ids, learned = list(text.encode()), []
    for number in range(merges):
        counts = {}
        for pair in zip(ids, ids[1:]):
            counts[pair] = counts.get(pair, 0) + 1
        if not counts or max(counts.values()) < 2:
            return learned
        best = sorted(counts, key=lambda pair: (-counts[pair], pair))[0]
        out = []
        while ids:
            width = 2 if tuple(ids[:2]) == best else 1
            out.append(256 + number if width == 2 else ids[0])
            ids = ids[width:]
        ids = out
        learned.append(best)
    return learned

for text, merges in ((TALE, 40), ("aaaaaaaa", 4), ("ābābāb 🙂🙂 āb", 12), ("", 3), ("x", 3), ("abab", 0), ("to be or not to be, that is to be", 9)):
    check.equal(bpe_train(text, merges), slow_train(text, merges), of=f"{text[:20]!r}, {merges} merges", hint="counts anew after each merge, replaces from left to right")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 2.2 · Spend and get back
# ●●●○○ · 12 minutes · 6 points
#
# Write `bpe_encode(text, merges)`, which applies the merges **in the order in which they were learnt**, and `bpe_decode(ids, merges)`, which gives the text back. Any text in any language must survive the round trip, and any list of ids must decode to *some* text: bytes that are no UTF-8 become `�`
# (`bytes.decode(errors="replace")`).
#
# <details><summary>Hint: decoding</summary>
# Make a table first, from each id to its bytes: 256 single bytes, and for each merge the bytes of its two parts, one after the other.
# </details>

# %% exercise="bpe_encode"
# exercise: bpe_encode
def bpe_encode(text: str, merges: list[tuple[int, int]]) -> list[int]:
    """The token ids of a text."""
    ### BEGIN SOLUTION
    ids = list(text.encode())
    for number, pair in enumerate(merges):
        out, i = [], 0
        while i < len(ids):
            if i + 1 < len(ids) and (ids[i], ids[i + 1]) == tuple(pair):
                out.append(256 + number)
                i += 2
            else:
                out.append(ids[i])
                i += 1
        ids = out
    return ids
    ### END SOLUTION


def bpe_decode(ids: list[int], merges: list[tuple[int, int]]) -> str:
    """The text of token ids."""
    ### BEGIN SOLUTION
    table = [bytes([n]) for n in range(256)]
    for left, right in merges:
        table.append(table[left] + table[right])
    return b"".join(table[n] for n in ids).decode(errors="replace")
    ### END SOLUTION

# %% check="bpe_encode" points=4
three = [(97, 97), (97, 98), (256, 257)]
check.equal(bpe_encode("aaabdaaabac", three), [258, 100, 258, 97, 99], of='"aaabdaaabac"')
check.equal(bpe_decode([258, 100, 258, 97, 99], three), "aaabdaaabac", of="and back")
### BEGIN HIDDEN TESTS
def slow_encode(text, merges):
    """Merge after merge, in the order of learning."""
    ids = list(text.encode())
    for number, pair in enumerate(merges):
        at = 0
        while at < len(ids) - 1:
            if (ids[at], ids[at + 1]) == pair:
                ids[at:at + 2] = [256 + number]
            at += 1
    return ids

learned = []
for _ in range(60):
    ids = slow_encode(TALE, learned)
    pairs = Counter(zip(ids, ids[1:]))
    learned.append(min(pairs, key=lambda pair: (-pairs[pair], pair)))
for text in (TALE, "le manu", "", "ā", "🙂 日本 fāgogo\n\t", "\u0000\ud7ff\U0010ffff", "O le tala" * 20):
    ids = bpe_encode(text, learned)
    check.equal(ids, slow_encode(text, learned), of=f"ids of {text[:12]!r}", hint="one merge at a time, in the order in which they were learned")
    check.equal(bpe_decode(ids, learned), text, of=f"the round trip of {text[:12]!r}")
overlapping = [(97, 98), (98, 99), (256, 99)]
check.equal(bpe_encode("abc bc", overlapping), [258, 32, 257], of="merges that compete", hint="the earlier merge takes the b first")
### END HIDDEN TESTS

# %% check="bpe_encode" part="any" points=2
check.equal(bpe_decode([196], []), "\ufffd", of="half of a character", hint='errors="replace"')
### BEGIN HIDDEN TESTS
check.equal(bpe_decode([129, 104, 105, 255], []), "\ufffdhi\ufffd", of="bytes that are no UTF-8")
check.equal(bpe_decode([], [(97, 98)]), "", of="no ids")
for letters in check.partition(900, into=4):
    text = "".join(chr(n) for n in torch.randint(1, 0xD000, (letters,)).tolist())
    check.equal(bpe_decode(bpe_encode(text, [(225, 128), (32, 97)]), [(225, 128), (32, 97)]), text, of="characters at random")
### END HIDDEN TESTS

# %% [markdown]
# **Measure** the price of the macron. Two mints, one trained on English and one on Samoan, and two texts:

# %% tags=["demo"]
english = topics["assert"]
mints = {"English mint": bpe_train(english, 120), "Samoan mint": bpe_train(TALE, 120)}
texts = {"English": english[:200], "Samoan": TALE[:200]}
table = {(mint, name): len(text.encode()) / len(bpe_encode(text, merges)) for mint, merges in mints.items() for name, text in texts.items()}
for (mint, name), ratio in table.items():
    print(f"{mint:14} on {name:8} {ratio:.2f} bytes a token")
print("tokens of fāgogo:", {mint: bpe_encode("fāgogo", merges) for mint, merges in mints.items()})

# %% [markdown]
# **Reconcile.** The same text, half the tokens, if the mint knows the language. Bytes per token is the exchange rate: ask for it before you sign.
#
# ### Exercise 2.3 · The library
# ●●○○○ · 8 minutes · 4 points
#
# The tokens that a tokenizer knows are its [vocabulary](docs/glossary.md#vocabulary): yours has 256 and one for each merge. The real thing is the `tokenizers` library: byte-pair encoding in Rust, which splits at words first and trains on gigabytes. Write `train_library(corpus, vocabulary)`: a trained `Tokenizer`, with
#
# - the model `models.BPE()`, and `ByteLevel` both as `pre_tokenizer` (with `add_prefix_space=False`) and as `decoder`: no byte is unknown, and every text comes back;
# - a vocabulary of exactly `vocabulary` tokens: a special token `"<end>"`, which marks the end of a document, the 256 bytes (`pre_tokenizers.ByteLevel.alphabet()`), and what is learnt from the texts of `corpus`.
#
# <details><summary>Hint 1: the trainer</summary>
# <code>trainers.BpeTrainer(vocab_size=…, special_tokens=[…], initial_alphabet=…, show_progress=False)</code>, and <code>tokenizer.train_from_iterator(corpus, trainer)</code>.
# </details>
# <details><summary>Hint 2: my decoded text has Ġ in it</summary>
# <code>tokenizer.decoder = decoders.ByteLevel()</code>
# </details>

# %% exercise="train_library"
# exercise: train_library
def train_library(corpus: list[str], vocabulary: int) -> Tokenizer:
    """A byte-level BPE tokenizer of the library, trained on a corpus, with a special token "<end>"."""
    ### BEGIN SOLUTION
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=["<end>"], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer
    ### END SOLUTION

# %% check="train_library" points=4
mint = train_library([TALE], 300)
check.equal(mint.get_vocab_size(), 300, of="tokens of the vocabulary", hint="<end> and the 256 bytes count, too")
check.that(isinstance(mint.token_to_id("<end>"), int), expected='a token "<end>"', got="your vocabulary has none")
check.equal(mint.decode(mint.encode("le fāgogo").ids), "le fāgogo", of="a round trip", hint="ByteLevel as pre_tokenizer, without a prefix space, and as decoder")
### BEGIN HIDDEN TESTS
for corpus, size in (([TALE], 310), ([topics["assert"], topics["while"]], 400)):
    mint, own = train_library(corpus, size), Tokenizer(models.BPE())
    check.equal(mint.get_vocab_size(), size, of=f"the vocabulary of {size}")
    own.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    own.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, special_tokens=["<end>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    check.within(len(mint.encode(corpus[0]).ids), 1, 1.1 * len(own.encode(corpus[0]).ids), of="tokens of a text from the corpus", hint="is it trained on the corpus?")
    for text in ("🙂 日本 fāgogo", "\n\t  x", "le", "a" * 40):
        check.equal(mint.decode(mint.encode(text).ids), text, of=f"the round trip of {text[:12]!r}", hint="is every byte in the initial alphabet?")
    ending = mint.encode("le tama<end>").ids
    check.equal(ending[-1], mint.token_to_id("<end>"), of='the last token of "le tama<end>"', hint="is it a special token, or five letters?")
### END HIDDEN TESTS

# %% [markdown]
# **Measure** the lengths. The interpreter's documentation has some eighty topics. How many tokens has each, by a tokenizer of your own making? Before you choose a context length, look at this picture: it says how many texts would be cut, and how much padding the short ones would need.

# %% tags=["demo"]
docs = [topics[name] for name in sorted(topics)]
mint = train_library(docs, 2000)
lengths = [len(mint.encode(text).ids) for text in docs]
edges = [2**(n / 2) for n in range(8, 28)]
fig, ax = plt.subplots(figsize=(7, 3))
ax.hist(lengths, bins=edges, color="#0072B2", edgecolor="white")
ax.axvline(512, color="#D55E00", ls="--", label=f"a context of 512: {sum(n > 512 for n in lengths)} of {len(lengths)} are longer")
ax.set(xscale="log", xlabel="tokens in a topic", ylabel="topics")
ax.legend()
lesson.show(fig, alt=f"Histogram of the token lengths of {len(lengths)} documentation topics, logarithmic: from {min(lengths)} to {max(lengths):,}, the median is {sorted(lengths)[len(lengths) // 2]}. "
            f"{sum(n > 512 for n in lengths)} are longer than a context of 512.")
print(f"{sum(len(text.encode()) for text in docs) / sum(lengths):.2f} bytes a token, on the text that it was trained on")

# %% [markdown]
# ## 3 · The token ledger
#
# ### Exercise 3.1 · Count before you train
# ●●○○○ · 8 minutes · 4 points
#
# A corpus of `tokens` tokens is cut into windows of `context` tokens, side by side; what is left over at the end is dropped. `batch` windows make a batch, and an incomplete last batch is dropped. Write `token_ledger(tokens, context, batch, epochs, parameters)`; it returns a dict with whole numbers:
#
# `"windows"`, `"batches"` (each for one epoch), `"steps"` (all epochs), `"seen"` (tokens seen in all steps), `"fresh"` (of these, in the first epoch) and `"flops"` (6 · parameters · seen).
#
# For `token_ledger(1000, 32, 4, 3, 10)`: 31, 7, 21, 2688, 896, 161280.

# %% exercise="token_ledger"
# exercise: token_ledger
def token_ledger(tokens: int, context: int, batch: int, epochs: int, parameters: int) -> dict[str, int]:
    """What a training run sees. tokens: in the corpus. context: in a window. batch: windows in a step."""
    ### BEGIN SOLUTION
    windows = tokens // context
    batches = windows // batch
    fresh = batches * batch * context
    return {"windows": windows, "batches": batches, "steps": epochs * batches, "seen": epochs * fresh, "fresh": fresh,
            "flops": 6 * parameters * epochs * fresh}
    ### END SOLUTION

# %% check="token_ledger" points=4
check.equal(token_ledger(1000, 32, 4, 3, 10), {"windows": 31, "batches": 7, "steps": 21, "seen": 2688, "fresh": 896, "flops": 161_280},
            of="token_ledger(1000, 32, 4, 3, 10)", suspects={
    "the tokens that do not fill a batch are not seen": {"windows": 31, "batches": 7, "steps": 21, "seen": 3000, "fresh": 1000, "flops": 180_000},
    "an incomplete batch is dropped": {"windows": 31, "batches": 8, "steps": 24, "seen": 3072, "fresh": 1024, "flops": 184_320}})
### BEGIN HIDDEN TESTS
for tokens, context, batch, epochs, parameters in ((10**6, 128, 32, 2, 10**5), (97, 10, 3, 1, 7), (50, 64, 2, 5, 3), (4096, 64, 64, 10, 1), (2_800_000_000_000, 4096, 512, 1, 7 * 10**9)):
    windows, got = 0, token_ledger(tokens, context, batch, epochs, parameters)
    windows, batches = tokens // context, tokens // context // batch
    fresh = batches * batch * context
    check.equal(got, {"windows": windows, "batches": batches, "steps": epochs * batches, "seen": epochs * fresh, "fresh": fresh, "flops": 6 * parameters * epochs * fresh},
                of=f"{tokens} tokens, context {context}, batch {batch}, {epochs} epochs", hint="what is seen are whole batches of whole windows")
### END HIDDEN TESTS

# %% [markdown]
# *Seen* and *fresh* are not the same coin. A token that is read again teaches less: for about four epochs nearly as much as a fresh one, then less and less, in the end nothing (Muennighoff and others, 2023; below).
#
# ### Exercise 3.2 · How many tokens can I afford?
# ●●●○○ · 12 minutes · 5 points
#
# The other way round. Somebody gives you FLOPs, or hours on a machine, and asks how many tokens a model may see. First, `token_budget(parameters, flops=math.inf, hours=math.inf, rate=1.0)`: the largest whole number of tokens whose $6 \cdot \text{parameters} \cdot \text{tokens}$ FLOPs stay within `flops` **and** within what a machine does in `hours` at
# `rate` FLOP/s (really reached: promise times MFU).
#
# Then the ledger's last lesson. Complete `RunLedger` over `lesson.Ledger`:
#
# - `predict_run(tokens, parameters, rate, dollars_per_hour=0.0)` books tokens, FLOPs, seconds and dollars on the item `"run"`;
# - `per_token(quantity, side="predicted")` is what one token costs: the total of the quantity over the total of tokens, both of that side. If no tokens are booked there, raise a `ValueError`.
#
# `token_budget(1000, flops=12e6)` is 2,000; `token_budget(1000, hours=1, rate=1e6)` is 600,000.

# %% exercise="run_ledger"
# exercise: run_ledger
def token_budget(parameters: int, flops: float = math.inf, hours: float = math.inf, rate: float = 1.0) -> int:
    """The tokens that a model of so many parameters may see within both limits. rate: FLOP/s."""
    ### BEGIN SOLUTION
    return math.floor(min(flops, hours * 3600 * rate) / (6 * parameters))
    ### END SOLUTION


class RunLedger(lesson.Ledger):
    """A ledger that knows what a run over tokens takes."""

    def predict_run(self, tokens: int, parameters: int, rate: float, dollars_per_hour: float = 0.0) -> None:
        """Book tokens, FLOPs, seconds and dollars of a run."""
        ### BEGIN SOLUTION
        flops = 6 * parameters * tokens
        seconds = flops / rate
        self.predict("run", tokens=tokens, flops=flops, seconds=seconds, dollars=seconds / 3600 * dollars_per_hour)
        ### END SOLUTION

    def per_token(self, quantity: str, side: str = "predicted") -> float:
        """What one token costs in a quantity."""
        ### BEGIN SOLUTION
        tokens = self.total("tokens", side)
        if tokens == 0:
            raise ValueError(f"no tokens are {side}")
        return self.total(quantity, side) / tokens
        ### END SOLUTION

# %% check="run_ledger" points=2
check.equal(token_budget(1000, flops=12e6), 2000, of="12e6 FLOPs and 1,000 parameters", suspects={"six FLOPs for each parameter and token?": 12_000, "six, not two: training, not a forward pass": 6000})
check.equal(token_budget(1000, hours=1, rate=1e6), 600_000, of="an hour at 1e6 FLOP/s", suspects={"an hour has 3,600 seconds": 166, "that is a minute's worth": 10_000})
### BEGIN HIDDEN TESTS
check.equal(token_budget(1000, flops=12e6, hours=1, rate=1e6), 2000, of="both limits, FLOPs the tighter one", hint="the tighter of the two counts")
check.equal(token_budget(1000, flops=12e15, hours=1, rate=1e6), 600_000, of="both limits, hours the tighter one", hint="the tighter of the two counts")
check.equal(token_budget(7, flops=100), 2, of="100 FLOPs and 7 parameters", hint="whole tokens, rounded down")
check.close(float(token_budget(85_000_000, hours=12, rate=0.25 * lesson.fact("t4_fp16").number)), 12 * 3600 * 0.25 * lesson.fact("t4_fp16").number / (6 * 85e6), rtol=1e-6, of="a night on a T4")
### END HIDDEN TESTS

# %% check="run_ledger" part="books" points=3
books = RunLedger()
books.predict_run(tokens=2000, parameters=1000, rate=1e6, dollars_per_hour=3.0)
check.close([books.total(name) for name in ("tokens", "flops", "seconds", "dollars")], [2000.0, 12e6, 12.0, 0.01], of="2,000 tokens at 1e6 FLOP/s for 3 dollars an hour", hint="seconds from FLOPs and rate, dollars from hours")
check.close(books.per_token("flops"), 6000.0, of='per_token("flops")')
check.raises(ValueError, lambda: books.per_token("seconds", "measured"), of="nothing measured")
### BEGIN HIDDEN TESTS
books.measure("run", tokens=1000, seconds=30.0)
books.measure("evaluation", seconds=10.0)
check.close(books.per_token("seconds", "measured"), 0.04, of="seconds a token, measured, evaluation included", hint="the total over all items, of the same side")
check.close(books.per_token("seconds"), 0.006, of="seconds a token, predicted", hint="tokens of the same side")
check.close(books.reconcile(), {("run", "tokens"): 0.5, ("run", "seconds"): 2.5}, of="reconcile()", hint='is everything booked on the item "run"?')
free = RunLedger()
free.predict_run(tokens=10, parameters=3, rate=90.0)
check.close([free.total("dollars"), free.total("seconds")], [0.0, 2.0], of="a run on a free machine")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** Leilani has a free T4 for one night (12 hours, MFU 0.25), and a thousand pages. What can models of three sizes see, and how often would they have to read her pages?

# %% tags=["demo"]
pages = 1000 * 3000 / 2.2                                   # bytes, and bytes a token
for size in (1_000_000, 10_000_000, 85_000_000):
    tokens = token_budget(size, hours=12, rate=0.25 * lesson.fact("t4_fp16").number)
    books = RunLedger()
    books.predict_run(tokens, size, 0.25 * lesson.fact("t4_fp16").number)
    print(f"{size:>11,} parameters: {tokens:.2e} tokens = {tokens / pages:8,.0f} times her pages, {1e6 * books.per_token('seconds'):7.2f} µs a token")
print("(the course's lesson.CostLedger can all this, and bytes and dtypes besides)")

# %% [markdown]
# **Reconcile.** The night is long enough for hundreds of epochs. What she lacks is not FLOPs but *fresh tokens*: the first question of every plan is which of the two runs out first.
#
# ## 4 · On disk
#
# A large corpus is terabytes of tokens; nobody loads that. It lies on disk as one long row of small integers (`uint16` is enough for a vocabulary below 65,536), and a [memory map](docs/glossary.md#memory-map), `np.memmap`, lets you index it as if it were an array: only what you touch is read.

# %% tags=["fixture"]
STORIES = "stories.bin"
_draws = np.random.default_rng(7)
_draws.integers(0, 400, size=5000).astype(np.uint16).tofile(STORIES)      # 10 kB here; the code would be the same for terabytes

# %% [markdown]
# ### Exercise 4.1 · A sampler that can be woken up anywhere
# ●●●●○ · 18 minutes · 7 points
#
# Complete `Windows`. The file holds `uint16`. Window number $n$ has the inputs `tokens[n·T : n·T + T]` and the targets one place further, `tokens[n·T + 1 : n·T + T + 1]`; so there are $(\text{tokens} - 1) // T$ windows.
#
# - `len(sampler)` is the number of batches in an epoch (an incomplete one is dropped).
# - `batch(step)` gives `(inputs, targets)`, both int64 tensors of shape [batch, context]. Step 0 is the first batch of epoch 0, step `len(sampler)` the first of epoch 1.
# - Within an epoch every window comes at most once, in an order that is shuffled, differs from epoch to epoch, and depends on `seed` and epoch **only**: a run that is killed at step 700 and woken up on another machine asks for `batch(700)` and gets exactly what it would have got.
# - The file is opened with `np.memmap`, and not read as a whole.
#
# <details><summary>Hint 1: an order for each epoch</summary>
# <code>np.random.default_rng([seed, epoch]).permutation(windows)</code>
# </details>
# <details><summary>Hint 2: int64</summary>
# <code>torch.from_numpy</code> wants an array of a type that PyTorch has: <code>.astype(np.int64)</code> first. It also makes a copy, which is what you want of a file.
# </details>

# %% exercise="windows"
# exercise: windows
class Windows:
    """Batches of language-model windows from a file of uint16 tokens, in a new order in each epoch."""

    def __init__(self, path: str, context: int, batch: int, seed: int = 0):
        """Open the file; nothing of it is read yet."""
        ### BEGIN SOLUTION
        self.tokens = np.memmap(path, dtype=np.uint16, mode="r")
        self.context, self.size, self.seed = context, batch, seed
        self.windows = (len(self.tokens) - 1) // context
        ### END SOLUTION

    def __len__(self) -> int:
        """Batches in an epoch."""
        ### BEGIN SOLUTION
        return self.windows // self.size
        ### END SOLUTION

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """(inputs, targets) of a step, int64 [batch, context] each."""
        ### BEGIN SOLUTION
        epoch, place = divmod(step, len(self))
        order = np.random.default_rng([self.seed, epoch]).permutation(self.windows)
        chosen = order[place * self.size:(place + 1) * self.size]
        rows = np.stack([self.tokens[n * self.context:n * self.context + self.context + 1] for n in chosen]).astype(np.int64)
        rows = torch.from_numpy(rows)
        return rows[:, :-1].clone(), rows[:, 1:].clone()
        ### END SOLUTION

# %% check="windows" points=4
sampler = Windows(STORIES, context=16, batch=4)
check.equal(len(sampler), 78, of="batches in an epoch of 5000 tokens", hint="(5000 − 1) // 16 windows, four in a batch")
inputs, targets = sampler.batch(0)
check.shape(inputs, (4, 16), axes="batch context")
check.dtype(inputs, torch.int64)
check.dtype(targets, torch.int64)
check.equal(inputs[:, 1:], targets[:, :-1], of="inputs and targets", hint="the targets are the inputs, one place further")
### BEGIN HIDDEN TESTS
whole = np.fromfile(STORIES, dtype=np.uint16).astype(np.int64)
for context, batch, seed in ((16, 4, 0), (7, 30, 5), (100, 1, 2)):
    sampler = Windows(STORIES, context, batch, seed)
    count = (len(whole) - 1) // context
    check.equal(len(sampler), count // batch, of=f"batches for context {context}, batch {batch}")
    known = {tuple(whole[n * context:(n + 1) * context].tolist()): n for n in range(count)}
    taken = []
    for step in range(min(len(sampler), 12)):
        inputs, targets = sampler.batch(step)
        for row, target in zip(inputs.tolist(), targets.tolist(), strict=True):
            number = known.get(tuple(row), -1)
            check.that(number >= 0, expected="inputs that begin at a multiple of the context", got=f"your row {row[:6]}… is no such window")
            check.equal(target, whole[number * context + 1:(number + 1) * context + 1].tolist(), of="the targets of a window", hint="one place further, the last one included")
            taken.append(number)
        check.equal(len(inputs), batch, of="rows in a batch")
    check.equal(len(taken), len(set(taken)), of="different windows in an epoch's batches", hint="is the order drawn once for the epoch, or anew for each batch?")
check.calls(Windows, required=["memmap"], of="the class")
### END HIDDEN TESTS

# %% check="windows" part="resume" points=3
first, second = Windows(STORIES, 16, 4, seed=3), Windows(STORIES, 16, 4, seed=3)
for step in range(5):
    first.batch(step)
check.equal(first.batch(5)[0], second.batch(5)[0], of="step 5 after five steps, and step 5 at once", hint="does the order depend on what was asked before?")
### BEGIN HIDDEN TESTS
size = len(first)
check.equal(first.batch(2 * size + 3)[1], Windows(STORIES, 16, 4, seed=3).batch(2 * size + 3)[1], of="a step of epoch 2, woken up")
torch.manual_seed(1)
np.random.seed(1)
again = first.batch(7)[0]
torch.manual_seed(2)
np.random.seed(2)
check.equal(first.batch(7)[0], again, of="the same step with another global seed", hint="a generator of its own, from seed and epoch?")
rows = [sorted(tuple(row) for step in range(start, start + size) for row in first.batch(step)[0].tolist()) for start in (0, size)]
check.that(first.batch(0)[0].tolist() != first.batch(size)[0].tolist(), expected="another order in the second epoch", got="your epochs begin alike")
check.that(first.batch(0)[0].tolist() != Windows(STORIES, 16, 4, seed=4).batch(0)[0].tolist(), expected="another order for another seed", got="your seeds begin alike")
check.that(len(set(rows[0]) & set(rows[1])) > 0.9 * len(rows[0]), expected="the same windows in both epochs", got="your second epoch has others")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 4.2 · No window looks into the next tale
# ●●●○○ · 8 minutes · 3 points
#
# Leilani's file holds many tales, one after the other. A window that begins in one and ends in the next teaches the model that a tale about a bird goes on with somebody else's recipe. That is a [document leak](docs/glossary.md#document-leak), and across the border between training and validation texts it is worse: a lie in the validation loss.
#
# Write `document_windows(lengths, context)`. The documents have `lengths[i]` tokens and lie side by side. Return the list of starts (places in the file) of windows that read `context` inputs and their targets, so `context + 1` tokens, all within **one** document; in each document side by side from its first token, as in `Windows`. What is left over at its end is dropped.
#
# `document_windows([5, 2, 7], 2)` is `[0, 2, 7, 9, 11]`: five tokens give two windows, two give none, seven give three.

# %% exercise="document_windows"
# exercise: document_windows
def document_windows(lengths: list[int], context: int) -> list[int]:
    """Starts of the windows of context + 1 tokens that lie within one document. lengths: tokens of each document."""
    ### BEGIN SOLUTION
    starts, begin = [], 0
    for length in lengths:
        starts += [begin + n * context for n in range((length - 1) // context)]
        begin += length
    return starts
    ### END SOLUTION

# %% check="document_windows" points=3
check.equal(document_windows([5, 2, 7], 2), [0, 2, 7, 9, 11], of="documents of 5, 2 and 7 tokens, context 2", suspects={
    "the targets reach one token further than the inputs": [0, 2, 5, 7, 9, 11], "do the windows of each document begin at its first token?": [0, 2, 8, 10]})
check.equal(document_windows([3], 3), [], of="a document of three tokens, context 3", hint="three inputs need a fourth token as their last target")
### BEGIN HIDDEN TESTS
for parts, context in ((6, 4), (5, 1), (9, 7), (3, 50)):
    sizes = check.partition(120, into=parts)
    owner = [n for n, size in enumerate(sizes) for _ in range(size)]
    first = [sum(sizes[:n]) for n in range(parts)]
    want = [place for place in range(len(owner) - context) if owner[place] == owner[place + context] and (place - first[owner[place]]) % context == 0]
    check.equal(document_windows(sizes, context), want, of=f"documents of {sizes}, context {context}", hint="every window, its last target included, within one document")
check.equal(document_windows([], 4), [], of="no documents")
### END HIDDEN TESTS

# %% [markdown]
# (Short documents are wasted that way. The other remedy is to let windows run on and hide the border from attention with a mask. Both are honest; doing nothing is not.)
#
# ### The `datasets` library
#
# It does all this for whole libraries of texts: **load** a file into a memory-mapped table, **map** a function over it (in batches, with a cache), hand out **batch**es, or **stream** what does not fit on disk:

# %% tags=["demo"]
import datasets
from datasets import disable_progress_bars, load_dataset

datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = False  # or each load_dataset tells a server that it was called
disable_progress_bars()
tales = [part.strip() + "." for part in TALE.split(".") if part.strip()]
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "tales.jsonl")
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in tales), encoding="utf-8")
    table = load_dataset("json", data_files=str(file), split="train", cache_dir=folder)                     # load
    table = table.map(lambda rows: {"ids": [one.ids for one in mint.encode_batch(rows["text"])]}, batched=True)   # map
    print(table)
    print("a batch:", [len(ids) for ids in next(table.iter(batch_size=2))["ids"]], "tokens in each of two tales")  # batch
    stream = load_dataset("json", data_files=str(file), split="train", streaming=True)                      # stream
    print("streamed:", next(iter(stream.shuffle(seed=SEED, buffer_size=4)))["text"])
    del table, stream

# %% [markdown]
# ### Keeping the machine fed
#
# A `DataLoader` puts *workers* in front of a sampler: processes that read the next batches while this one is computed. `pin_memory=True` puts batches where a GPU can fetch them by itself, and `.to("cuda", non_blocking=True)` lets that copy overlap with the computing.
#
# A machine that waits for its batches is [starved](docs/glossary.md#starved-gpu), and no better GPU will help it.
#
# ### Exercise 4.3 · Is it starved?
# ●●○○○ · 6 minutes · 3 points
#
# A step computes for `compute` seconds and one worker needs `load` seconds to prepare a batch. Without workers, loading and computing take turns. With `workers` ≥ 1 they overlap: the workers prepare a batch every `load / workers` seconds, and the slower of the two sets the pace. Write `feeding(compute, load, workers)`; it returns a dict:
#
# - `"step"`: seconds from one step to the next, in the long run,
# - `"busy"`: the share of the time that the machine computes,
# - `"enough"`: the smallest number of workers with which it never waits (at least 1).
#
# For `feeding(0.01, 0.035, 2)`: step 0.0175, busy 0.571, enough 4.

# %% exercise="feeding"
# exercise: feeding
def feeding(compute: float, load: float, workers: int) -> dict[str, float]:
    """Pace of a training loop. compute: seconds a step. load: seconds in which one worker prepares a batch."""
    ### BEGIN SOLUTION
    step = compute + load if workers == 0 else max(compute, load / workers)
    return {"step": step, "busy": compute / step, "enough": max(1, math.ceil(load / compute))}
    ### END SOLUTION

# %% check="feeding" points=3
check.close(feeding(0.01, 0.035, 2), {"step": 0.0175, "busy": 0.01 / 0.0175, "enough": 4}, of="10 ms to compute, 35 ms to load, two workers", suspects={
    "with workers, loading and computing overlap: the slower one sets the pace": {"step": 0.0275, "busy": 0.01 / 0.0275, "enough": 4}})
### BEGIN HIDDEN TESTS
for compute, load, workers, want in ((0.01, 0.035, 0, (0.045, 0.01 / 0.045, 4)), (0.01, 0.035, 4, (0.01, 1.0, 4)), (0.5, 0.1, 3, (0.5, 1.0, 1)), (0.25, 0.5, 1, (0.5, 0.5, 2)), (0.25, 0.75, 3, (0.25, 1.0, 3))):
    check.close(feeding(compute, load, workers), dict(zip(("step", "busy", "enough"), want)), of=f"feeding({compute}, {load}, {workers})",
                hint="without workers they take turns; with them the slower sets the pace; enough is rounded up, and exactly enough is enough")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** The way to find out is to time a step twice: with a batch that is already there, and with the loader. Here one "reads from a slow disk" for 8 ms a batch and "computes" for 4:

# %% tags=["demo"]
class SlowDisk(Dataset):
    """Forty batches; each takes 8 ms to read."""

    def __len__(self):
        return 40

    def __getitem__(self, n):
        time.sleep(0.008)
        return torch.full((64,), float(n))

def paced(loader) -> float:
    """Milliseconds a step, the first ten left out while the workers start."""
    began = 0.0
    for n, batch in enumerate(loader):
        if n == 10:
            began = time.perf_counter()
        batch = batch.to(settings.device, non_blocking=True)
        time.sleep(0.004)                                       # the "computing"
    return 1e3 * (time.perf_counter() - began) / (n - 10 + 1)

# %% tags=["demo"]
fork = "fork" if "fork" in multiprocessing.get_all_start_methods() else None      # a class from a notebook needs it
pin = settings.device.type == "cuda"
for workers in (0, 1, 2) if fork else (0,):
    extra = {"num_workers": workers, "multiprocessing_context": fork} if workers else {}
    found = paced(DataLoader(SlowDisk(), batch_size=None, pin_memory=pin, **extra))
    predicted = feeding(0.004, 0.008, workers)
    print(f"{workers} workers: predicted {1e3 * predicted['step']:4.1f} ms a step, measured {found:5.1f}   busy {predicted['busy']:4.0%}")
    lesson.record(f"a step with {workers} workers", found, predicted=1e3 * predicted["step"], unit="ms")
print(f"with the batch already there: {paced([torch.zeros(64)] * 40):.1f} ms")

# %% [markdown]
# **Reconcile.** If the last number is much smaller than the loader's, the machine is starved: more workers, a smaller preparation, or do it once and keep it on disk. If both are alike, leave the loader alone and look elsewhere.

# %% [markdown]
# ## 5 · The same batch, again and again
#
# A loss curve is flat, or falls strangely well on the training data and not at all elsewhere. The learning rate? The model? Look at the **data** first. The commonest fault is a loader that was made inside the loop, or seeded inside the loop, and hands out the same batch each time.
#
# ### Exercise 5.1 · A check of your own
# ●●●○○ · 10 minutes · 4 points
#
# Write `repeats(next_batch, steps)`. It calls `next_batch()` that many times; each call gives `(x, y)`, two tensors with the examples along the first axis. It returns how many of the batches were repetitions: the same examples as an earlier batch, **in any order**. An honest loader has 0, the broken one `steps − 1`.
#
# Mind two things. A loader may reuse its memory: the tensor that you were handed before now holds the new batch. And two batches may have the same `x` with other `y`, which is no repetition.
#
# <details><summary>Hint: what to keep of a batch</summary>
# Something that cannot change and can be compared: for instance a sorted list of the rows of x and y together, as tuples of numbers.
# </details>

# %% exercise="repeats"
# exercise: repeats
def repeats(next_batch: Callable[[], tuple[torch.Tensor, torch.Tensor]], steps: int) -> int:
    """How many of `steps` batches have the same examples as an earlier one, in whatever order."""
    ### BEGIN SOLUTION
    seen, again = set(), 0
    for _ in range(steps):
        x, y = next_batch()
        rows = zip(x.flatten(1).tolist() if x.dim() > 1 else [[n] for n in x.tolist()], y.reshape(len(y), -1).tolist())
        key = tuple(sorted((tuple(a), tuple(b)) for a, b in rows))
        again += key in seen
        seen.add(key)
    return again
    ### END SOLUTION

# %% check="repeats" points=4
honest = iter([(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0, 1])), (torch.tensor([[5.0, 6.0], [3.0, 4.0]]), torch.tensor([0, 1])),
               (torch.tensor([[7.0, 8.0], [9.0, 4.0]]), torch.tensor([1, 1]))])
check.equal(repeats(lambda: next(honest), 3), 0, of="an honest loader", hint="a row that comes twice is no batch that comes twice")
same = (torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0, 1]))
check.equal(repeats(lambda: same, 6), 5, of="the same batch six times")
### BEGIN HIDDEN TESTS
two = [(torch.randn(4, 3), torch.arange(4)), (torch.randn(4, 3), torch.arange(4))]
turns = iter([0, 1, 0, 1, 0, 0])
check.equal(repeats(lambda: two[next(turns)], 6), 4, of="two batches in turn", hint="compared with all earlier batches, not with the last one only?")
mixed = iter([torch.tensor([0, 1, 2, 3]), torch.tensor([3, 1, 0, 2]), torch.tensor([1, 0, 3, 2])])
def shuffled():
    """The same rows in another order."""
    order = next(mixed)
    return two[0][0][order], two[0][1][order]
check.equal(repeats(shuffled, 3), 2, of="the same rows in another order", hint="in any order")
labels = iter([torch.tensor([0, 1]), torch.tensor([1, 0]), torch.tensor([0, 1])])
check.equal(repeats(lambda: (same[0], next(labels)), 3), 1, of="the same x with other y", hint="x and y together")
pairs = iter([(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 1])), (torch.tensor([[1.0], [2.0]]), torch.tensor([1, 0]))])
check.equal(repeats(lambda: next(pairs), 2), 0, of="the same x and the same y, paired otherwise", hint="sort rows of x and y together, not each by itself")
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · More data from the data
#
# Where the next thousand examples do not exist, make them: [augmentation](docs/glossary.md#augmentation). A digit that is moved by a pixel is the same digit. For pictures that is nearly free data; for text take care: a story with two words swapped may be another story, or none.
#
# ### Exercise 6.1 · Shift
# ●●●○○ · 8 minutes · 4 points
#
# Write `shifted(images, rows, columns)`. `images` is [N, H, W]; `rows` and `columns` are lists of N whole numbers between −2 and 2. Picture number `n` moves down by `rows[n]` and to the right by `columns[n]` (negative: up, left). What leaves the picture is gone, what comes in is 0. The input stays as it is.
#
# <details><summary>Hint: torch.roll is nearly right</summary>
# It brings back on the other side what left on this one. Which rows have to become 0 afterwards?
# </details>

# %% exercise="shifted"
# exercise: shifted
def shifted(images: torch.Tensor, rows: list[int], columns: list[int]) -> torch.Tensor:
    """Each picture moved by so many rows and columns, zeros coming in. images: [N, H, W]. Returns: [N, H, W]."""
    ### BEGIN SOLUTION
    moved = torch.zeros_like(images)
    height, width = images.shape[1:]
    for n, (down, right) in enumerate(zip(rows, columns)):
        part = images[n, max(0, -down):height - max(0, down), max(0, -right):width - max(0, right)]
        moved[n, max(0, down):max(0, down) + part.shape[0], max(0, right):max(0, right) + part.shape[1]] = part
    return moved
    ### END SOLUTION

# %% check="shifted" points=4
picture = torch.arange(1.0, 10.0).view(1, 3, 3)
check.close(shifted(picture.clone(), [1], [0]), torch.tensor([[[0.0, 0, 0], [1, 2, 3], [4, 5, 6]]]), of="one row down", suspects={
    "what leaves on one side does not come in on the other": torch.tensor([[[7.0, 8, 9], [1, 2, 3], [4, 5, 6]]]),
    "is that up, not down?": torch.tensor([[[4.0, 5, 6], [7, 8, 9], [0, 0, 0]]])})
check.close(shifted(picture.clone(), [0], [-1]), torch.tensor([[[2.0, 3, 0], [5, 6, 0], [8, 9, 0]]]), of="one column to the left")
### BEGIN HIDDEN TESTS
for count, height, width in ((6, 8, 8), (4, 5, 9)):
    many = torch.rand(count, height, width) + 0.1
    rows = torch.randint(-2, 3, (count,)).tolist()
    columns = torch.randint(-2, 3, (count,)).tolist()
    want = torch.zeros(count, height, width)
    for n in range(count):
        for i in range(height):
            for j in range(width):
                if 0 <= i - rows[n] < height and 0 <= j - columns[n] < width:
                    want[n, i, j] = many[n, i - rows[n], j - columns[n]]
    kept = many.clone()
    check.close(shifted(many, rows, columns), want, axes="picture row column", of=f"{count} pictures of {height} by {width}", hint="each picture has its own two numbers")
    check.close(many, kept, of="the input, afterwards", hint="is the input written to?")
### END HIDDEN TESTS

# %% [markdown]
# **Predict**, then measure: a small net learns digits from only 100 pictures, as they are, or each shifted by up to one pixel at random in every step. It is examined on 800 pictures that it has not seen: once as they are (scikit-learn's digits are neatly centred), and once each moved
# by a pixel, as a careless scanner would. Which of the four numbers is the largest, which the smallest?

# %% tags=["demo"]
digits = load_digits()
pictures = torch.tensor(digits.images, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

def jitter(count: int) -> list[int]:
    """A shift by up to one pixel for each picture."""
    return torch.randint(-1, 2, (count,)).tolist()

def learned_from_few(augment: bool, seed: int, steps: int = 300) -> nn.Module:
    """A net that has seen 100 pictures."""
    torch.manual_seed(seed)
    few = torch.randperm(len(pictures))[:100]
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    for _ in range(steps):
        x = shifted(pictures[few], jitter(100), jitter(100)) if augment else pictures[few]
        loss = F.cross_entropy(net(x), labels[few])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net

# %% tags=["demo"]
def examined(augment: bool, seed: int) -> tuple[float, float]:
    """Accuracy in per cent on 800 unseen pictures, as they are and moved."""
    net = learned_from_few(augment, seed)
    torch.manual_seed(seed)
    rest = torch.randperm(len(pictures))[100:900]                     # the same deal as in training: none of its 100
    moved = shifted(pictures[rest], jitter(800), jitter(800))
    return tuple(100 * (net(x).argmax(1) == labels[rest]).float().mean().item() for x in (pictures[rest], moved))

for name, augment in (("trained as they are", False), ("trained shifted", True)):
    runs = [examined(augment, seed) for seed in range(4 if settings.full else 3)]
    for column, on in enumerate(("as they are", "moved")):
        found = [run[column] for run in runs]
        print(f"{name:20} examined {on:12} {sum(found) / len(found):5.1f} % on average, single runs from {min(found):.1f} to {max(found):.1f}")

# %% [markdown]
# **Reconcile.** Augmentation is no free data. It *tells* the net something: moved digits are the same digits. Where the pictures to come are moved, that is worth a great deal. Where they never are, the net has learnt something that nobody asks for, and may pay for it.
#
# And text? Leave out one word in ten, as some recipes advise, and look at what is left of a warning:

# %% tags=["demo"]
warning = "Do not give the dog chocolate, it may be dangerous for him."
words = warning.split()
for gone in (1, 3, 7):
    print(f"without {words[gone]!r:9}", " ".join(word for n, word in enumerate(words) if n != gone))

# %% [markdown]
# One of the three says the opposite, and its label would still say "warning". Augment text only by what you are sure to leave the label as it is, and read a sample of what comes out. Say what the world will do to your pictures, and
# tell the net that.
#
# Several runs each, and the ranges beside the means: one run would have told you next to nothing. If two ranges overlap, say so.
#
# ## 7 · Tokens to target
#
# The other way to need fewer tokens is to start from weights that somebody else's tokens made, [transfer learning](docs/glossary.md#transfer-learning). How many does it save? The fair measure is not the loss at the end but the **tokens to target**: how many tokens until the loss is as low as you need.
#
# ### Exercise 7.1 · The measure
# ●●○○○ · 8 minutes · 3 points
#
# Write `tokens_to_target(losses, tokens_per_step, target, window=5)`. Losses jitter, so smooth them: step $i$ counts with the mean of the losses $i - \text{window} + 1 \dots i$ (no value before `window` losses are there). Return the tokens seen after the first step whose smoothed loss is at most `target`, or `None` if there is none.
#
# For losses `[5, 4, 3, 2, 1]`, 10 tokens a step, target 3.5 and window 2: smoothed 4.5, 3.5 at the third step, so 30.

# %% exercise="tokens_to_target"
# exercise: tokens_to_target
def tokens_to_target(losses: list[float], tokens_per_step: int, target: float, window: int = 5) -> int | None:
    """Tokens seen until the smoothed loss is at most `target`; None if it never is."""
    ### BEGIN SOLUTION
    for step in range(window, len(losses) + 1):
        if sum(losses[step - window:step]) / window <= target:
            return step * tokens_per_step
    return None
    ### END SOLUTION

# %% check="tokens_to_target" points=3
check.equal(tokens_to_target([5.0, 4.0, 3.0, 2.0, 1.0], 10, 3.5, window=2), 30, of="five losses, window 2", suspects={
    "is the first step number one, or number nought?": 20})
check.equal(tokens_to_target([5.0, 4.0], 10, 1.0, window=2), None, of="a target that is never reached")
### BEGIN HIDDEN TESTS
spiky = [4.0, 0.1, 4.0, 4.0, 3.0, 2.0, 2.0, 2.0]
check.equal(tokens_to_target(spiky, 64, 2.5, window=3), 6 * 64 + 64, of="a spike that is no target reached", hint="the mean of the last `window` losses")
check.equal(tokens_to_target([1.0] * 4, 7, 2.0), None, of="fewer losses than the window", hint="no smoothed value before `window` losses are there")
check.equal(tokens_to_target([1.0] * 5, 7, 1.0), 35, of="exactly the target")
check.equal(tokens_to_target([3.0, 1.0, 5.0], 2, 1.0, window=1), 4, of="window 1")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** The interpreter on this machine carries its own documentation, a few hundred kilobytes of English. A very small model learns its second half: from scratch, or after it has read the first half.

# %% tags=["demo"]
library = np.frombuffer("\n".join(topics[name] for name in sorted(topics)).encode(), dtype=np.uint8)[:200_000]
halves = library[:100_000], library[100_000:]

class Reader(nn.Module):
    """Guesses the next byte from the last eight."""

    def __init__(self):
        super().__init__()
        self.embed, self.hidden, self.head = nn.Embedding(256, 24), nn.Linear(8 * 24, 192), nn.Linear(192, 256)

    def forward(self, x):
        """x: bytes, int64 [batch, 8]. Returns: logits [batch, 256]."""
        return self.head(self.hidden(self.embed(x).flatten(1)).relu())

# %% tags=["demo"]
def read(model: Reader, text: np.ndarray, steps: int, seed: int) -> list[float]:
    """Train on random places of a text; the loss of each step, before it."""
    torch.manual_seed(seed)
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr=3e-3), []
    whole = torch.from_numpy(text.astype(np.int64))
    for _ in range(steps):
        places = torch.randint(len(whole) - 9, (128,))
        rows = whole[places[:, None] + torch.arange(9)]
        loss = F.cross_entropy(model(rows[:, :8]), rows[:, 8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

torch.manual_seed(SEED)
scratch, warm = Reader(), Reader()
read(warm, halves[0], 1500 if settings.full else 400, seed=1)
budget = 1500 if settings.full else 400
curves = {"from scratch": read(scratch, halves[1], budget, seed=2), "after the first half": read(warm, halves[1], budget, seed=2)}
target = sum(curves["from scratch"][-20:]) / 20
for name, losses in curves.items():
    print(f"{name:21} {tokens_to_target(losses, 128, target, window=20)} bytes to a loss of {target:.2f}")

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(7, 3))
for (name, losses), style in zip(curves.items(), ("-", "--")):
    smooth = [sum(losses[max(0, n - 19):n + 1]) / min(20, n + 1) for n in range(len(losses))]
    ax.plot([128 * (n + 1) / 1000 for n in range(len(smooth))], smooth, style, label=name)
ax.axhline(target, color="#999999", lw=1)
ax.set(xlabel="thousand bytes seen of the second half", ylabel="loss, smoothed")
ax.legend()
lesson.show(fig, alt="Two loss curves against the bytes seen. From scratch the loss falls from "
            f"{curves['from scratch'][0]:.1f} to {target:.2f}; the model that had read the first half begins at {curves['after the first half'][0]:.1f} and is below that level throughout or soon.")

# %% written="reconcile_tokens" points=2
# **Reconcile** (3 minutes · 2 points). How many tokens did the start from another text save, in numbers from *your* run? Were they saved, or spent earlier? Say in one or two sentences when starting from somebody else's model is worth it.
#
# ### BEGIN SOLUTION
# Gives both numbers of tokens to target (or says that one run never reached it) and sees that the first half was paid for as well: somebody's tokens were spent. Worth it where that somebody is not you (a public model), where the texts are alike, or where your own text is short. Two points: numbers and the thought about who paid; one point: only one of them.
# ### END SOLUTION

# %% [markdown]
# ## 8 · When it breaks
#
# **A flat loss, or one that is too good.** Your own `repeats` says whether the loader is to blame. Here is the classic, a generator that is seeded inside the function:

# %% tags=["demo"]
def broken_loader():
    """Seeds its dice anew for every batch."""
    dice = torch.Generator().manual_seed(0)
    places = torch.randint(len(pictures), (16,), generator=dice)
    return pictures[places].flatten(1), labels[places]

def mended_loader(dice=torch.Generator().manual_seed(0)):
    """One generator for all batches."""
    places = torch.randint(len(pictures), (16,), generator=dice)
    return pictures[places].flatten(1), labels[places]

print("repeated batches of 20: broken", repeats(broken_loader, 20), " mended", repeats(mended_loader, 20))

# %% [markdown]
# **"index out of range in self"** from an embedding: a token id is larger than the table. Vocabulary and tokenizer belong together; after adding tokens the table must grow.

# %% tags=["demo"]
try:
    nn.Embedding(256, 4)(torch.tensor([12, 300]))
except IndexError as error:
    print(f"IndexError: {error}")
print("mended:", tuple(nn.Embedding(256 + 120, 4)(torch.tensor([12, 300])).shape))

# %% [markdown]
# **Numbers that wrap around.** `uint16` ends at 65,535 (`int16` at 32,767 already). A vocabulary of 100,000 stored in it gives other tokens, without a word. Check the largest id before you write, and take `int32` for such a vocabulary: twice the bytes on disk.

# %% tags=["demo"]
print(np.array([65_536 + 42]).astype(np.uint16), "was 65,578 before it was stored in 16 bits")

# %% [markdown]
# **"can't convert np.ndarray of type numpy.uint16"** was the answer of older versions of PyTorch to `torch.from_numpy`; newer ones take it and then lack operations for it. `.astype(np.int64)` serves both.
#
# ## Takeaways
#
# - Bytes are a fact, tokens a choice, and the choice favours the language of the mint. Ask for bytes per token.
# - Byte-pair encoding: the most frequent pair, again and again; encode in the order of learning.
# - Count windows, batches, steps, seen and fresh tokens before the run; FLOPs follow.
# - A sampler that depends on seed and step alone can be killed and woken up.
# - Flat loss? Look at the data first, with a check of your own.
# - Augmentation and transfer are both tokens that you did not have to collect. Measure them in tokens to target, over several seeds.
#
# **Words from this lesson:** [token](docs/glossary.md#token) · [byte-pair encoding](docs/glossary.md#byte-pair-encoding) · [epoch](docs/glossary.md#epoch) · [memory map](docs/glossary.md#memory-map) · [document leak](docs/glossary.md#document-leak) · [starved GPU](docs/glossary.md#starved-gpu) · [augmentation](docs/glossary.md#augmentation) · [transfer learning](docs/glossary.md#transfer-learning)
#
# **Read next:** Sennrich, Haddow and Birch, *Neural machine translation of rare words with subword units* (2016), where byte-pair encoding met language. Petrov and others, *Language model tokenizers introduce unfairness between languages* (2023), Leilani's bill in figures. Muennighoff and others, *Scaling data-constrained language models*
# (2023), on what a second epoch is worth.
#
# **Next lesson:** models that somebody else has trained already.

# %% tags=["demo"]
lesson.hand_in("07_data")
