# why: with loops
def groundedness(answer, sources):
    named = re.findall(r"\[(rc-[0-9]+)\]", answer)
    for name in set(named):
        answer = answer.replace(f"[{name}]", " ")
    cited = sorted({name for name in named if name in sources})
    unknown = sorted({name for name in named if name not in sources})
    held = numbers(" ; ".join(sources[name] for name in cited))
    missing = []
    for number in numbers(answer):
        if number not in held and number not in missing:
            missing.append(number)
    good = len(cited) > 0 and not unknown and not missing
    return {
        "cited": cited,
        "unknown": unknown,
        "numbers": missing,
        "grounded": good or tidy(answer) == tidy(NOT_IN_SOURCES),
    }
