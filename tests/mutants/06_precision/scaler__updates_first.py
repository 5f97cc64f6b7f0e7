# mistake: updates before it divides
# caught: check_scaler
# says: divided before update, not after
class Scaler:
    def __init__(self, scale=65536.0, growth=2.0, backoff=0.5, interval=2000):
        self.scale, self.growth, self.backoff, self.interval, self.good = scale, growth, backoff, interval, 0

    def scale_loss(self, loss):
        return loss * self.scale

    def step(self, grads, update):
        if not all(torch.isfinite(g).all() for g in grads):
            self.scale *= self.backoff
            self.good = 0
            return False
        update(grads)
        for g in grads:
            g.div_(self.scale)
        self.good += 1
        if self.good == self.interval:
            self.scale *= self.growth
            self.good = 0
        return True
