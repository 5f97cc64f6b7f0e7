# why: a set of storages seen, booked one by one
class MemoryLedger(lesson.Ledger):
    def predict_training(self, parameters, way, activations=0):
        if way == "mixed":
            weight, gradient, rest = 2, 2, 4 + 8
        elif way in ("sgd", "momentum", "adamw"):
            weight, gradient, rest = 4, 4, {"sgd": 0, "momentum": 4, "adamw": 8}[way]
        else:
            raise ValueError(way)
        self.predict("weights", bytes=parameters * weight)
        self.predict("gradients", bytes=parameters * gradient)
        self.predict("optimizer", bytes=parameters * rest)
        self.predict("activations", bytes=activations)

    def measure_bytes(self, item, tensors):
        seen = set()
        self.measure(item, bytes=0)
        for tensor in tensors:
            if tensor is None or tensor.untyped_storage().data_ptr() in seen:
                continue
            seen.add(tensor.untyped_storage().data_ptr())
            self.measure(item, bytes=len(tensor.untyped_storage()))
