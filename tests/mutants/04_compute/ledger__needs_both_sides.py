# mistake: trips over what was measured and never predicted
# caught: check_ledger
# says: KeyError
class Ledger:
    def __init__(self):
        self.before, self.after = {}, {}

    def _add(self, book, item, amounts):
        for name in amounts:
            if name not in QUANTITIES:
                raise ValueError(name)
        for name, amount in amounts.items():
            book[item, name] = book.get((item, name), 0.0) + amount

    def predict(self, item, **amounts):
        self._add(self.before, item, amounts)

    def measure(self, item, **amounts):
        self._add(self.after, item, amounts)

    def total(self, quantity, side="predicted"):
        book = self.before if side == "predicted" else self.after
        return sum(amount for (item, name), amount in book.items() if name == quantity)

    def reconcile(self):
        return {key: self.after[key] / self.before[key] for key in self.after}

    def missing(self):
        return sorted(key for key in self.before if key not in self.after)
