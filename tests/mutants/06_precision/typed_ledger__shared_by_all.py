# mistake: every ledger has the same dtypes
# caught: check_typed_ledger
# says: does every ledger have books of its own
class TypedLedger(lesson.Ledger):
    kinds = {"predicted": {}, "measured": {}}

    def __init__(self):
        super().__init__()

    def _add(self, side, dtype, size):
        self.kinds[side][dtype] = self.kinds[side].get(dtype, 0) + size

    def predict_numbers(self, item, count, dtype):
        self._add("predicted", dtype, count * dtype.itemsize)
        self.predict(item, bytes=count * dtype.itemsize)

    def measure_numbers(self, item, tensors):
        for tensor in tensors:
            self._add("measured", tensor.dtype, tensor.nbytes)
            self.measure(item, bytes=tensor.nbytes)

    def by_dtype(self, side="predicted"):
        return dict(self.kinds[side])
