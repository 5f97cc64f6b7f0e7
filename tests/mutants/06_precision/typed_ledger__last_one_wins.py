# mistake: the second item in a dtype overwrites the first
# caught: check_typed_ledger
# says: two items in one dtype add up
class TypedLedger(lesson.Ledger):
    def __init__(self):
        super().__init__()
        self.kinds = {"predicted": {}, "measured": {}}

    def _add(self, side, dtype, size):
        self.kinds[side][dtype] = size

    def predict_numbers(self, item, count, dtype):
        self._add("predicted", dtype, count * dtype.itemsize)
        self.predict(item, bytes=count * dtype.itemsize)

    def measure_numbers(self, item, tensors):
        for tensor in tensors:
            self._add("measured", tensor.dtype, tensor.nbytes)
            self.measure(item, bytes=tensor.nbytes)

    def by_dtype(self, side="predicted"):
        return dict(self.kinds[side])
