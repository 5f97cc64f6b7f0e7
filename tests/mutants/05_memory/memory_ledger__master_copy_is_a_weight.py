# mistake: the master copy is booked on the weights
# caught: check_memory_ledger
# says: under mixed 2, 2 and 4 + 4 + 4
class MemoryLedger(lesson.Ledger):
    def predict_training(self, parameters, way, activations=0):
        ways = {"sgd": (4, 4, 0), "momentum": (4, 4, 4), "adamw": (4, 4, 8), "mixed": (6, 2, 8)}
        if way not in ways:
            raise ValueError(f"no way {way!r}")
        for item, each in zip(("weights", "gradients", "optimizer"), ways[way]):
            self.predict(item, bytes=each * parameters)
        self.predict('activations', bytes=activations)

    def measure_bytes(self, item, tensors):
        storages = [tensor.untyped_storage() for tensor in tensors if tensor is not None]
        self.measure(item, bytes=sum({part.data_ptr(): part.nbytes() for part in storages}.values()))
