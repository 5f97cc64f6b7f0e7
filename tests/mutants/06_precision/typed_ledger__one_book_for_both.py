# mistake: both sides share their dtypes
# caught: check_typed_ledger
# says: has an entry torch.bfloat16 that is not expected
class TypedLedger(lesson.Ledger):
    def __init__(self):
        super().__init__()
        self.kinds = dict.fromkeys(("predicted", "measured"), {})

    def _add(self, side, dtype, size):
        book = self.kinds[side]; book[dtype] = book.get(dtype, 0) + size

    def predict_numbers(self, item, count, dtype):
        self._add("predicted", dtype, count * dtype.itemsize)
        self.predict(item, bytes=count * dtype.itemsize)

    def measure_numbers(self, item, tensors):
        for tensor in tensors:
            self._add("measured", tensor.dtype, tensor.nbytes)
            self.measure(item, bytes=tensor.nbytes)

    def by_dtype(self, side="predicted"):
        return dict(self.kinds[side])
