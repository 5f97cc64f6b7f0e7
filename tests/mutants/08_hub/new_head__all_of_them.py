# mistake: thinks that everything is new
# caught: check_new_head
# says: which names does the model have
new_names = {
    name
    for name, _ in AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=3).named_parameters()
}
new_numbers = 128 * 128 + 128 + 3 * 128 + 3
