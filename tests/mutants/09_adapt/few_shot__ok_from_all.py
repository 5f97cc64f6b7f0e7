# why: drops the last one until it fits
def few_shot(instruction, examples, text, budget):
    shown = [(one, label) for one, label in examples if one.strip() != text.strip()]
    while True:
        prompt = instruction + "\n\n"
        for one, label in shown:
            prompt += f"Post: {one}\nAnswer: {label}\n\n"
        prompt += f"Post: {text}\nAnswer:"
        if count_tokens(prompt) <= budget:
            return prompt
        if not shown:
            raise ValueError("it does not fit")
        shown.pop()
