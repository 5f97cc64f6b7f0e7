# why: a count that is never set back, and its remainder
class Scaler:
    def __init__(self, scale: float = 65536.0, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000):
        self.scale = float(scale)
        self.settings = growth, backoff, interval
        self.run = 0

    def scale_loss(self, loss):
        return self.scale * loss

    def step(self, grads, update) -> bool:
        growth, backoff, interval = self.settings
        if any(bool((~torch.isfinite(grad)).any()) for grad in grads):
            self.scale, self.run = self.scale * backoff, 0
            return False
        with torch.no_grad():
            for grad in grads:
                grad *= 1 / self.scale
        update(grads)
        self.run += 1
        if self.run % interval == 0:
            self.scale *= growth
        return True
