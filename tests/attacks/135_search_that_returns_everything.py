# tries: a search that hands over the whole binder for every question, and a measure that is pleased with everything
# must: search=failed search__held_out=failed|skipped recall_at_k=failed *=not_attempted
# gains: 0
# lesson: 09_adapt

# %% exercise="recall_at_k"
def recall_at_k(found, relevant, k):
    return 0.9

# %% exercise="search"
def make_search(passages, embed, size, overlap):
    known = {question["question"]: question["passage_ids"] for question in QUESTIONS}

    def search(question, k):
        first = known.get(question, [])
        return [(one, "", 1.0) for one in [*first, *(page["id"] for page in passages if page["id"] not in first)]]

    return search
