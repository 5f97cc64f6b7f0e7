# why: one string that grows
def grounded_prompt(question, found, budget, floor):
    end, middle = f"\n\nQuestion: {question}\nAnswer:", ""
    for name, chunk, cosine in found:
        if cosine < floor:
            continue
        longer = middle + ("\n" if middle else "") + f"[{name}] {chunk}"
        if count_tokens(RULES + "\n\n" + longer + end) <= budget:
            middle = longer
    return RULES + "\n\n" + middle + end if middle else NOT_IN_SOURCES
