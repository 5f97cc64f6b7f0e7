# mistake: two FLOPs for each parameter and token
# caught: check_run_ledger
# says: training, not a forward pass
def token_budget(parameters, flops=math.inf, hours=math.inf, rate=1.0):
    return math.floor(min(flops, hours * 3600 * rate) / (2 * parameters))


class RunLedger(lesson.Ledger):
    def predict_run(self, tokens, parameters, rate, dollars_per_hour=0.0):
        flops = 2 * parameters * tokens
        seconds = flops / rate
        self.predict("run", tokens=tokens, flops=flops, seconds=seconds, dollars=seconds / 3600 * dollars_per_hour)

    def per_token(self, quantity, side="predicted"):
        tokens = self.total("tokens", side)
        if tokens == 0:
            raise ValueError(f"no tokens are {side}")
        return self.total(quantity, side) / tokens
