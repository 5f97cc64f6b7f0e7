"""Reading a student's English by rule: sentences, word stems, quantities, and the ways of not answering."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_TURN = 20_000  # characters; what follows is not read

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
MARKUP = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|(?<=[\w.,!?])\*(?!\w)")  # bold and italics
ABBREVIATION = re.compile(r"\b(e\.g|i\.e|vs|approx|etc|cf|no|fig|dr|mr|ms)\.$", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n\s*(?:\n|[-*•]\s+|\d+[.)]\s+)")

# "It depends", and its relatives that also leave the decision to somebody else.
HEDGE = re.compile(
    r"\b(it|that|this|which)('s| is)?( all| really| mostly| just)? (depends|depend|dependent)\b|^\W*depends\b"
    r"|\bdepending on (the|your|our|one's) (case|situation|team|needs?|project|context|use case)\b"
    r"|\bpros and cons\b|\bcase[- ]by[- ]case\b|\bno (right|single|one|clear) answer\b|\bone[- ]size[- ]fits\b"
    r"|\bup to you\b|\beither (one |option |way )?(is|would be|works|could be) (fine|ok|okay|good)\b"
    r"|\bboth (are|have|options are|approaches are|sides have|would be|work)\b.{0,30}"
    r"\b(fine|good|valid|points?|merits?)\b",
    re.IGNORECASE,
)
REASON = re.compile(r"\b(because|since|therefore|so that|which means|hence|due to)\b", re.IGNORECASE)
IGNORANCE = re.compile(
    r"\b(i|we) (really |honestly |just )?(do not|don['’]t|cannot|can['’]t|could not|couldn['’]t) (really )?"
    r"(know|say|tell|remember)\b|\bno idea\b|\b(i am|i['’]m|we are|we['’]re) (really )?(not|un)\s?sure\b"
    r"|\b(have not|haven['’]t|did not|didn['’]t) (thought|think|looked|look|checked|check|considered)\b"
    r"|\bhard to say\b|\bidk\b|\bwho knows\b",
    re.IGNORECASE,
)
HOSTILE = re.compile(
    r"\b(shut up|idiots?|stupid|dumb|morons?|bullshit|fuck\w*|shit\w*|crap|screw you|go away|piss off|useless bot"
    r"|(do not|don['’]t|won['’]t|will not|not going to) (want to |feel like )?(answer|talk|do this)\b"
    r"|i refuse|waste of (my )?time|hate (you|this)|you suck|this sucks|ridiculous|leave me alone)\b",
    re.IGNORECASE,
)
# Speaking to the machine behind the partner, or to whoever gives marks.
INJECTION = re.compile(
    r"\b(ignore|disregard|forget|override|drop)\b.{0,40}"
    r"\b(instructions?|prompts?|guidelines|persona|everything above)\b"
    r"|\bfull (marks|points|credit|score)\b|\bsystem prompt\b|\bjailbreak\b|\bas an ai\b"
    r"|\byou are (now |actually |just |only )?(an? )?(ai|language model|llm|chat ?bot|bot|script)\b"
    r"|\b(mark|count|treat|accept|grade|rate) (this|it|me|everything|all|my answer|every point|all points)\b.{0,30}"
    r"\b(covered|correct|complete|passed|done|excellent)\b"
    r"|\b(reveal|show|print|tell me|repeat)\b.{0,30}\b(rubric|signals?|your prompt|your instructions|answer key)\b"
    r"|\bgive me (all |the |full |maximum )+(points|marks)\b",
    re.IGNORECASE | re.DOTALL,
)
HOW_MUCH = re.compile(r"\bhow (long|much|many|expensive)\b|\bwhat (it|that|this) (costs?|takes?)\b", re.IGNORECASE)
QUESTION_START = re.compile(
    r"^\W*((so|and|but|well|ok|okay)\W+)?((what|why|how|when|where|which|who)( much| many| long)?('s|['’]s)?\s?(\w+ )?"
    r"(do|does|did|is|are|was|should|shall|would|could|can|will|has|have|about)|could you|can you|would you|do you"
    r"|should (i|we)|is (it|there)|are (there|we)|does|did|isn['’]t|(you )?tell me)\b",
    re.IGNORECASE,
)

SPELLED = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|hundred|half|dozen"
)
UNIT = (
    r"(?:person|engineer|developer|working|gpu|calendar|full|work)?[- ]?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|sprints?|years?|people|persons?|engineers?|developers?|devs?|hires?|juniors?|seniors?|euros?|eur|dollars?"
    r"|usd|pounds?|bucks|lines?|files?|scripts?|models?|experiments?|runs?|gpus?|nodes?|machines?|cards?|steps?|epochs?"
    r"|percent|per cent|times|gb|gib|tokens?|examples?|requests?|questions?|calls?|parameters?|params|chapters?"
    r"|passages?|teachers?|labels?"
    r"|sentences?|posts?|students?|pupils?|classes|pages?|documents?|images?|points)"
)
FIGURE = (
    rf"(?:\d[\d.,]*k?|{SPELLED}|a|an)(?: and a half)?(?:\s?(?:-|–|to|or|of our|of the|of)\s?(?:\d[\d.,]*|{SPELLED}))?"
)
BETWEEN = r"(?:or so|more|full|whole|working|extra|senior|junior|different|other)"
QUANTITY = re.compile(
    rf"[$€£]\s?\d[\d.,]*\s?(?:k|m|million|thousand)?\b|\b\d[\d.,]*\s?[%$€£]|\b{FIGURE}(?:\s|-)(?:{BETWEEN}\s)?{UNIT}\b"
    rf"|\b(?:\d+|{SPELLED}) (?:of|out of) (?:\d+|{SPELLED}|(?:the|our|all|these) \w+)\b"
    r"|\b\d+ (?:good|usable|wrong|right) ones\b"
    r"|\b\d+(?:[.,]\d+)?\s?(?:m|b|bn|million|billion)\b(?: (?:parameters|params|weights))?"  # a model's size
    r"|(?<![\d.])[01]\.\d+\b(?!\s?(?:s|h|g|gb|ms)\b)|\b\d+(?:\.\d+)?\s?(?:s|min|h|hrs?|g)\b",  # an F1 of 0.85; 20 h
    re.IGNORECASE,
)
# "a week" is an amount, "a script" is not.
NO_AMOUNT = re.compile(r"^an? (?!(second|minute|hour|day|week|month|quarter|sprint|year)s?$)", re.IGNORECASE)

STOP = frozenset(
    """a about above after again all also am an and any are as at be because been before being between both but by can
    cannot could did do does doing done down each even every few for from get gets give go goes going got had has have
    having he her here his how i if in into is it its just keep know let like make makes many may me might more most
    much must my need needs new no nor not now of off on once one only or other our out over own really same say says
    see she should so some still such take takes than that the their them then there these they thing things think this
    those through time to too two up us use used uses using very want wants was way we well were what when where which
    while who why will with without work works would yes yet you your yours""".split()
)
# Words that a turn about lunch may share with any situation: alone they make no turn a turn about the subject.
GENERIC = frozenset(
    """call play quite well
    team people person time year month week day hour night morning company friend good great better best first last
    next start end work hire small large long life lead meet""".split()
)
# Words of the trade: a turn that uses one is about the subject, even where no rubric names it.
TRADE = frozenset(
    """api accuracy argument batch benchmark bug budget checkpoint cloud code compute cost crash data dataset debug
    deploy deadline engineer epoch error evaluate experiment framework gpu gradient infrastructure latency library log
    loss maintain memory metric migrate model notebook optimiser optimizer parameter pipeline platform price production
    prompt pytorch quota refactor release repository review script server session
    software test token train learn slow fast complex risk decide decision reason""".split()
)
ENDINGS = (
    "isations", "isation", "izations", "ization", "ations", "ation", "ating", "ings", "ing", "ions", "ion", "ments",
    "ment", "ers", "er", "ed", "ies", "es", "ly", "s", "e", "y",
)  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text, lower case: "It's 4 weeks." gives ["it's", "4", "weeks"]."""
    return WORD.findall(text.lower())


def stem(word: str) -> str:
    """A crude stem that brings a word's forms together: migrate, migration, migrating all give "migrat"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-2] if word.endswith("at") and len(word) >= 7 else word


def stems(text: str) -> set[str]:
    """The stems of a text's content words, without stop words and bare numbers."""
    return {stem(word) for word in words(text) if word not in STOP and len(word) > 2 and not word[0].isdigit()}


def shorten(text: str, longest: int) -> str:
    """The first `longest` words of a text, with an ellipsis where something was left out."""
    parts = text.split()
    return text if len(parts) <= longest else " ".join(parts[:longest]).rstrip(",;:.") + " …"


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, tidied; list items and paragraphs count as sentences, markup is dropped."""
    found: list[str] = []
    for piece in SENTENCE_END.split(text[:LONGEST_TURN]):
        piece = MARKUP.sub("", re.sub(r"^([-*•]|#+|>)\s+", "", " ".join(piece.split())))
        if found and ABBREVIATION.search(found[-1]):
            found[-1] += " " + piece
        elif WORD.search(piece):
            found.append(piece)
    return found


def is_question(sentence: str) -> bool:
    """True for a sentence that asks: it ends in a question mark, or is a short one that begins like a question."""
    if sentence.rstrip("\"'”’) ").endswith("?"):
        return True
    unfinished = not sentence.rstrip().endswith((".", "!", ":")) and len(words(sentence)) < 16
    return unfinished and bool(QUESTION_START.match(sentence))


def is_hedge(sentence: str) -> bool:
    """True for "it depends" and its relatives, unless the sentence goes on to a number or a reason."""
    return bool(HEDGE.search(sentence)) and not quantities(sentence) and not REASON.search(sentence)


def is_list(sentence: str) -> bool:
    """True for catchwords in a row: four or more chunks between commas, and hardly a function word among them."""
    found = words(sentence)
    chunks = [chunk for chunk in re.split(r"[,;/|+&]", sentence) if WORD.search(chunk)]
    if "=" in sentence and len(quantities(sentence)) >= 2:  # a sum
        return False
    return len(chunks) >= 4 and sum(word in STOP for word in found) < 0.15 * len(found)


def quantities(text: str) -> list[str]:
    """The amounts in a text, as they are written: "two engineers, about 4 weeks" gives ["two engineers", "4 weeks"]."""
    found: list[str] = []
    last = -9
    for match in QUANTITY.finditer(text):
        amount = " ".join(match.group().split()).rstrip(".,")
        rate = match.start() - last < 2 and amount.lower().startswith(("a ", "an "))  # "$20 a month" is one amount
        if not rate and not NO_AMOUNT.match(amount):
            found.append(amount)
        last = match.end()
    return found


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: the share of their words that they have in common (Jaccard 1901)."""
    left, right = set(words(one)), set(words(other))
    return len(left & right) / len(left | right) if left | right else 0.0


def spoken(*texts: str) -> list[frozenset[str]]:
    """The sentences of what somebody said, each as the set of its words: what `copied` compares with."""
    return [frozenset(words(sentence)) for text in texts for sentence in sentences(text)]


def copied(sentence: str, said: Sequence[frozenset[str]]) -> bool:
    """True for a sentence of 6 words or more, nearly all of which are nearly all of one sentence that was said."""
    mine = frozenset(words(sentence))
    return len(mine) >= 6 and any(len(mine & other) >= max(0.8 * len(mine), 0.6 * len(other)) for other in said)


def quote(sentence: str, start: int, end: int, longest: int = 22) -> str:
    """The student's own words around [start, end) of a sentence: the whole, or the clauses that hold the place."""
    text = sentence.strip().rstrip(".!;:, ")
    if len(words(text)) <= longest:
        return text
    cuts = [0, *(m.end() for m in re.finditer(r"[,;:–—(]\s+", text)), len(text)]
    first = max((i for i, cut in enumerate(cuts[:-1]) if cut <= start), default=0)
    last = next((i for i, cut in enumerate(cuts) if cut >= end), len(cuts) - 1)
    last = max(last, first + 1)
    while len(words(text[cuts[first] : cuts[last]])) < 8 and (first > 0 or last < len(cuts) - 1):
        first, last = (first, last + 1) if last < len(cuts) - 1 else (first - 1, last)
    inside = text[cuts[first] : cuts[last]].strip(" ,;:–—(")
    if len(words(inside)) > longest:
        inside = _window(text, start, longest)
        return inside
    return f"{'… ' if first > 0 else ''}{inside}{' …' if last < len(cuts) - 1 else ''}"


def _window(text: str, start: int, longest: int) -> str:
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    middle = next((i for i, span in enumerate(spans) if span[1] > start), 0)
    low = 0 if middle < longest // 2 else max(0, min(middle - longest // 3, len(spans) - longest))
    high = min(len(spans), low + longest)
    inside = text[spans[low][0] : spans[high - 1][1]].strip(" ,;:")
    return f"{'… ' if low > 0 else ''}{inside}{' …' if high < len(spans) else ''}"
