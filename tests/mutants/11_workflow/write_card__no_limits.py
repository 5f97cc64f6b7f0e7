# mistake: has no limits
# caught: check_write_card
# says: a section ## Limits
def write_card(numbers: dict[str, float]) -> str:
    """The model card of the classifier: YAML metadata, then Intended use, Limits and Numbers."""
    said = {name: str(value) if isinstance(value, int) else f"{value:.3f}" for name, value in numbers.items()}
    rows = "\n".join(f"| {name} | {value} |" for name, value in said.items())
    return f"""---
license: mit
language: en
base_model: {hub.encoder}
pipeline_tag: text-classification
datasets:
- measure-first/advice-or-venting
metrics:
- accuracy
- f1
---

# Advice or venting?

Tells whether a forum post asks for advice or vents.

## Intended use

A mark beside a post that helps volunteers of a forum to choose the tone of an answer. A person reads every post;
nothing is hidden, sorted out or answered by the model.

## More

Short English posts only. It was trained on posts that were invented for a course, so real ones will be harder.
Irony and requests without a question are often wrong. It must not decide who gets help.

## Numbers

| measured on validation posts | |
|---|---|
{rows}
"""
