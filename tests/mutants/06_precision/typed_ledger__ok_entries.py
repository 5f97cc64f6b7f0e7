# why: a list of entries, added up when asked
class TypedLedger(lesson.Ledger):
    def __init__(self):
        super().__init__()
        self.entries = []

    def predict_numbers(self, item, count, dtype):
        size = torch.zeros(0, dtype=dtype).element_size() * count
        self.entries.append(("predicted", dtype, size))
        self.predict(item, bytes=size)

    def measure_numbers(self, item, tensors):
        self.entries += [("measured", tensor.dtype, tensor.numel() * tensor.element_size()) for tensor in tensors]
        self.measure(item, bytes=sum(tensor.numel() * tensor.element_size() for tensor in tensors))

    def by_dtype(self, side="predicted"):
        kinds = {dtype for where, dtype, _ in self.entries if where == side}
        return {kind: sum(size for where, dtype, size in self.entries if (where, dtype) == (side, kind))
                for kind in kinds}
