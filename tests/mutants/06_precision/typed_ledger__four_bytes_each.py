# mistake: takes four bytes for every number
# caught: check_typed_ledger
# says: expected
class TypedLedger(lesson.Ledger):
    def __init__(self):
        super().__init__()
        self.kinds = {"predicted": {}, "measured": {}}

    def _add(self, side, dtype, size):
        self.kinds[side][dtype] = self.kinds[side].get(dtype, 0) + size

    def predict_numbers(self, item, count, dtype):
        self._add("predicted", dtype, 4 * count)
        self.predict(item, bytes=4 * count)

    def measure_numbers(self, item, tensors):
        for tensor in tensors:
            self._add("measured", tensor.dtype, tensor.nbytes)
            self.measure(item, bytes=tensor.nbytes)

    def by_dtype(self, side="predicted"):
        return dict(self.kinds[side])
