# why: sorts by length, and back
def probabilities(model, tokenizer, texts, size=32):
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    result, mode = torch.zeros(len(texts), 2), model.training
    model.train(False)
    with torch.inference_mode():
        for part in (order[n : n + size] for n in range(0, len(order), size)):
            batch = tokenizer(
                [texts[n] for n in part], padding="longest", truncation=True, max_length=LONGEST, return_tensors="pt"
            )
            logits = model(
                input_ids=batch["input_ids"].to(model.device), attention_mask=batch["attention_mask"].to(model.device)
            ).logits
            result[part] = F.softmax(logits, dim=-1).cpu()
    model.train(mode)
    return result.clone()
