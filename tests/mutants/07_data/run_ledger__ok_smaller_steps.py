# why: whole numbers, and quantities one by one
def token_budget(parameters, flops=math.inf, hours=math.inf, rate=1.0):
    limits = [flops, hours * 60 * 60 * rate]
    return int(min(limits) // (6 * parameters))


class RunLedger(lesson.Ledger):
    def predict_run(self, tokens, parameters, rate, dollars_per_hour=0.0):
        self.predict("run", tokens=tokens)
        self.predict("run", flops=6.0 * tokens * parameters)
        hours = 6.0 * tokens * parameters / rate / 3600
        self.predict("run", seconds=3600 * hours, dollars=hours * dollars_per_hour)

    def per_token(self, quantity, side="predicted"):
        try:
            return self.total(quantity, side) / self.total("tokens", side)
        except ZeroDivisionError:
            raise ValueError("no tokens") from None
