# why: dicts of dicts
class Ledger:
    def __init__(self):
        self.sides = {"predicted": {name: {} for name in QUANTITIES}, "measured": {name: {} for name in QUANTITIES}}

    def _book(self, side, item, amounts):
        wrong = sorted(set(amounts) - set(QUANTITIES))
        if wrong:
            raise ValueError(f"unknown: {wrong}")
        for name, amount in amounts.items():
            self.sides[side][name].setdefault(item, []).append(amount)

    def predict(self, item, **amounts):
        self._book("predicted", item, amounts)

    def measure(self, item, **amounts):
        self._book("measured", item, amounts)

    def total(self, quantity, side="predicted"):
        return sum(map(sum, self.sides[side][quantity].values()))

    def _pairs(self, side):
        return {(item, name): sum(all_of) for name, items in self.sides[side].items() for item, all_of in items.items()}

    def reconcile(self):
        before, after = self._pairs("predicted"), self._pairs("measured")
        return {key: after[key] / before[key] for key in before.keys() & after.keys()}

    def missing(self):
        return sorted(self._pairs("predicted").keys() - self._pairs("measured").keys())
