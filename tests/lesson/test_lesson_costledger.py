"""The ledger of the later lessons books bytes by way to train, numbers by dtype and runs by tokens."""

import pytest
import torch

from autograde.lesson import CostLedger, Ledger
from autograde.lesson.costledger import storage_bytes


def test_it_is_the_ledger_of_lesson_04():
    assert issubclass(CostLedger, Ledger)


@pytest.mark.parametrize(("way", "each"), [("sgd", 8), ("momentum", 12), ("adamw", 16), ("mixed", 16)])
def test_each_way_to_train_has_its_bytes_a_parameter(way, each):
    books = CostLedger()
    books.predict_training(1000, way, activations=7)
    assert books.total("bytes") == 1000 * each + 7
    assert [row[0] for row in books.rows()] == ["weights", "gradients", "optimizer", "activations"]


def test_an_unknown_way_is_refused_and_nothing_is_booked():
    books = CostLedger()
    with pytest.raises(ValueError, match="no way 'adam' to train: there are sgd, momentum, adamw, mixed"):
        books.predict_training(10, "adam")
    assert list(books.rows()) == []


def test_adamw_is_predicted_to_the_byte_but_for_its_step_counts():
    model = torch.nn.Linear(30, 20)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(2, 30)).sum().backward()
    optimizer.step()
    books = CostLedger()
    books.predict_training(sum(p.numel() for p in model.parameters()), "adamw")
    books.measure_bytes("weights", model.parameters())
    books.measure_bytes("gradients", [p.grad for p in model.parameters()])
    books.measure_bytes("optimizer", [v for state in optimizer.state.values() for v in state.values()])
    assert books.total("bytes", "measured") - books.total("bytes") == 2 * 4, "a float32 step count for each tensor"


def test_memory_that_is_shared_is_counted_once_and_none_takes_none():
    whole = torch.zeros(10)
    assert storage_bytes([whole, whole[:3], None]) == 40
    books = CostLedger()
    books.measure_bytes("tied", [whole, whole.view(2, 5)])
    assert books.total("bytes", "measured") == 40


def test_numbers_are_booked_by_their_dtype():
    books = CostLedger()
    books.predict_numbers("weights", 100, torch.bfloat16)
    books.predict_numbers("master copy", 100, torch.float32)
    books.predict_numbers("states", 200, torch.float32)
    assert books.by_dtype() == {torch.bfloat16: 200, torch.float32: 1200}
    books.measure_numbers("weights", [torch.zeros(3, dtype=torch.float16), torch.zeros(2)])
    assert books.by_dtype("measured") == {torch.float16: 6, torch.float32: 8}
    assert books.total("bytes", "measured") == 14
    books.by_dtype().clear()
    assert books.by_dtype(), "what is handed out is a copy"


def test_a_run_is_booked_in_all_quantities():
    books = CostLedger()
    books.predict_run(tokens=2000, parameters=1000, rate=1e6, dollars_per_hour=3.0)
    assert books.total("flops") == 12_000_000
    assert books.total("seconds") == 12.0
    assert books.total("dollars") == pytest.approx(0.01)
    assert books.per_token("flops") == 6000
    with pytest.raises(ValueError, match="no tokens are measured"):
        books.per_token("flops", "measured")


def test_a_figure_is_kept_once_and_the_last_one_counts():
    from autograde.lesson import record
    from autograde.lesson.records import _records, recorded

    _records.clear()
    record("MFU", 0.2)
    record("a step", 3, predicted=4.0, unit="s")
    record("MFU", 0.3)
    assert recorded() == [
        {"what": "a step", "measured": 3.0, "predicted": 4.0, "unit": "s"},
        {"what": "MFU", "measured": 0.3, "predicted": None, "unit": ""},
    ]
    _records.clear()
