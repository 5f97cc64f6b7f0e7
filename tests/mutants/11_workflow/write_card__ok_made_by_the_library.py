# why: metadata by huggingface_hub's ModelCardData, numbers as a list
def write_card(numbers):
    from huggingface_hub import ModelCardData

    data = ModelCardData(
        license="apache-2.0",
        language=["en"],
        base_model=[hub.encoder],
        pipeline_tag="text-classification",
        datasets=["measure-first/advice-or-venting"],
        metrics=["f1", "accuracy"],
        tags=["teaching"],
    )
    lines = [
        f"- {name}: {value}" if isinstance(value, int) else f"- {name}: {value:.3f}"
        for name, value in numbers.items()
    ]
    return (
        "---\n"
        + data.to_yaml()
        + "\n---\n"
        + """
# Which posts want an answer?

## Numbers

"""
        + "\n".join(lines)
        + """

## Intended use

For the volunteers of one forum who read every post themselves and want a first guess at the tone in which an answer
would be welcome to its writer.

## Limits

It knows English posts of a few sentences, invented for teaching. Sarcasm, other languages, long letters and cries for
help in an emergency are beyond what it was trained on.
"""
    )
