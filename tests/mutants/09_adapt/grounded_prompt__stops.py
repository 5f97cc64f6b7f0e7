# mistake: stops at the first that does not fit
# caught: check_grounded_prompt
# says: a later one may still fit
def grounded_prompt(question, found, budget, floor):
    def prompt(sources):
        return "\n\n".join([RULES, "\n".join(sources), f"Question: {question}\nAnswer:"])

    sources = []
    for name, chunk, cosine in found:
        if cosine < floor:
            continue
        if count_tokens(prompt([*sources, f"[{name}] {chunk}"])) > budget:
            break
        sources.append(f"[{name}] {chunk}")
    return prompt(sources) if sources else NOT_IN_SOURCES
