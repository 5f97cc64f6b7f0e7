# mistake: every number takes four bytes
# caught: check_memory_ledger__measured
# says: expected 166
class MemoryLedger(lesson.Ledger):
    def predict_training(self, parameters, way, activations=0):
        ways = {"sgd": (4, 4, 0), "momentum": (4, 4, 4), "adamw": (4, 4, 8), "mixed": (2, 2, 12)}
        if way not in ways:
            raise ValueError(f"no way {way!r}")
        for item, each in zip(("weights", "gradients", "optimizer"), ways[way]):
            self.predict(item, bytes=each * parameters)
        self.predict('activations', bytes=activations)

    def measure_bytes(self, item, tensors):
        storages = {t.untyped_storage().data_ptr(): 4 * t.numel() for t in tensors if t is not None}
        self.measure(item, bytes=sum(storages.values()))
