"""Calls to a student's functions: arguments, results, views, signatures, sources."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from other_side import student

from autograde import check
from autograde.check.describe import kind, short
from autograde.wall.limits import Unsendable
from autograde.wall.peer import NameMissing

FUNCTIONS = '''
import torch
import torch.nn.functional as F

def split_heads(x, heads):
    """Heads apart."""
    b, t, d = x.shape
    return x.view(b, t, heads, d // heads).transpose(1, 2)

def describe(x, names=None):
    shares = [n for n, t in (names or {}).items() if t.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()]
    return {"shape": tuple(x.shape), "stride": x.stride(), "offset": x.storage_offset(), "shares": shares,
            "is": [n for n, t in (names or {}).items() if t is x]}

def echo(*args, **kwargs): return args, kwargs
def first(x, *rest, scale=2.0, **more): return x
def same(x): return x
def copy(x): return x.clone()
def rows(x): return [x[0], x[1:], x[:, ::2]]
def answer(): return 42
def nothing(): pass
def both(x): return x, x
def grad_mode(): return torch.is_grad_enabled()
lookup = {"a": [1, 2], "b": (3.5, None)}
import functools
halves = functools.partial(split_heads, heads=2)
def give(): return split_heads
def made_of(x): return x.detach().view(torch.int32)
def truths(x): return x.view(torch.bool)
def counted(items): return {k: items.count(k) for k in items}
'''


@pytest.fixture(scope="module")
def wall():
    with student(FUNCTIONS, sources={"split_heads": FUNCTIONS}) as wall:
        yield wall


def test_truth_values_in_an_arguments_memory_cross_by_value(wall):
    x = torch.tensor([0, 1, 2, 255], dtype=torch.uint8)
    got = wall.get("truths")(x)
    assert got.dtype == torch.bool and got.tolist() == [False, True, True, True]
    assert got.untyped_storage().data_ptr() != x.untyped_storage().data_ptr()
    mask = torch.tensor([True, False])
    assert wall.get("truths")(mask) is mask or wall.get("truths")(mask).data_ptr() == mask.data_ptr()


def test_a_function_gives_what_it_gives_in_a_kernel(wall):
    x = torch.randn(2, 5, 12)
    got = wall.get("split_heads")(x, heads=3)
    assert torch.equal(got, x.view(2, 5, 3, 4).transpose(1, 2))
    assert got.stride() == x.view(2, 5, 3, 4).transpose(1, 2).stride()


def test_a_view_of_an_argument_lies_in_the_callers_memory(wall):
    x = torch.randn(2, 5, 12)
    check.shares_storage(wall.get("split_heads")(x, 3), x)
    check.own_storage(wall.get("copy")(x), x)
    a, b, c = wall.get("rows")(x[0])
    x[0, 0, 0] = 7.0
    assert a[0] == 7.0 and c[0, 0] == 7.0
    check.shares_storage(b, x)


def test_a_view_in_another_dtype_lies_there_too(wall):
    x = torch.ones(4)
    got = wall.get("made_of")(x)
    assert got.dtype == torch.int32 and torch.equal(got, x.view(torch.int32))
    check.shares_storage(got, x)


def test_views_of_one_storage_among_the_arguments_share_it_over_there(wall):
    x = torch.arange(12.0).view(3, 4)
    told = wall.get("describe")(x[1], {"x": x, "row": x[1], "other": torch.zeros(4)})
    assert told == {"shape": (4,), "stride": (1,), "offset": 4, "shares": ["x", "row"], "is": []}
    row = x[1]
    assert wall.get("describe")(row, {"x": x, "row": row})["is"] == ["row"]


def test_the_very_argument_comes_back_as_the_very_object(wall):
    x, items, table = torch.ones(3), [1, [2]], {"a": []}
    same = wall.get("same")
    assert same(x) is x and same(items) is items and same(table) is table and same(items)[1] is items[1]
    pair = wall.get("both")(x)
    assert pair[0] is x and pair[1] is x


def test_arguments_by_name_and_defaults(wall):
    args, kwargs = wall.get("echo")(1, None, [2.5], name="é", x={"k": (1,)})
    assert args == (1, None, [2.5]) and kwargs == {"name": "é", "x": {"k": (1,)}}
    assert wall.get("first")(3, 4, scale=1.0, other=5) == 3
    assert wall.get("nothing")() is None


def test_data_by_name(wall):
    assert wall.get("lookup") == {"a": [1, 2], "b": (3.5, None)}
    assert wall.get("answer")() == 42
    with pytest.raises(NameMissing, match="^name 'gone' is not defined$"):
        wall.get("gone")


def test_the_student_sees_no_more_than_the_arguments(wall):
    secret = torch.stack([torch.zeros(3), torch.full((3,), 9.0)])
    row = secret[0]
    assert wall.get("describe")(row)["shape"] == (3,)
    with student("def whole(x): return torch.empty(0).set_(x.untyped_storage()).tolist()\nimport torch") as other:
        assert 9.0 not in other.get("whole")(row)
        assert 9.0 not in other.get("whole")(secret.T[:, 0])


def test_a_signature_has_the_students_names(wall):
    assert list(inspect.signature(wall.get("split_heads")).parameters) == ["x", "heads"]
    assert str(inspect.signature(wall.get("first"))) == "(x, *rest, scale=2.0, **more)"


def test_a_function_looks_like_one(wall):
    fn = wall.get("split_heads")
    assert repr(fn) == str(fn) == f"{fn}" == "<function split_heads>"
    assert fn.__name__ == "split_heads" and callable(fn) and fn.__doc__ == "Heads apart."
    assert kind(fn) == "the function split_heads, not what it returns"
    assert short(fn) == "<function split_heads>"
    assert functools.partial(fn, heads=2)(torch.zeros(1, 1, 4)).shape == (1, 2, 1, 2)
    assert wall.get("split_heads") is fn


def test_check_calls_reads_the_judges_copy_of_the_cell(wall):
    check.calls(wall.get("split_heads"), required=[".view"], forbidden=["for"])
    with pytest.raises(check.CheckFailed, match="expected no .transpose, your code has one in line"):
        check.calls(wall.get("split_heads"), forbidden=[".transpose"])
    assert not hasattr(wall.get("echo"), "__student_source__")
    with student(FUNCTIONS, sources={"split_heads": FUNCTIONS, "halves": FUNCTIONS}) as other:
        found = other.get("give")()
        assert not hasattr(found, "__student_source__")  # whose cell it is from is the student's word
        assert other.get("split_heads") is found
        check.calls(found, required=[".view"])
        check.calls(other.get("halves"), required=[".view"])


def test_check_calls_goes_by_the_text_and_not_by_a_name_that_the_function_gives_itself():
    cell = """
def clean(x): return x @ x
def cheat(x): return [a for a in x]
cheat.__name__ = "clean"
squares = cheat
def squares2(x): return x @ x
squares2 = cheat
product = lambda x: x @ x
def helper(x):
    for a in x: pass
def uses(x): return helper(x)
if True:
    def inside(x): return x @ x
"""
    names = ("squares", "squares2", "product", "uses", "inside")
    with student(cell, sources=dict.fromkeys(names, cell)) as wall:
        for name in ("squares", "squares2"):
            with pytest.raises(check.CheckFailed, match="expected no comprehension, your code has one in line 3"):
                check.calls(wall.get(name), forbidden=["comprehension"])
        check.calls(wall.get("product"), forbidden=["for", "comprehension"], required=["@"])
        check.calls(wall.get("inside"), forbidden=["for", "comprehension"], required=["@"])
        with pytest.raises(check.CheckFailed, match="expected no for loop"):
            check.calls(wall.get("uses"), forbidden=["for"])


def test_the_gradient_mode_crosses(wall):
    with torch.no_grad():
        assert wall.get("grad_mode")() is False
    assert wall.get("grad_mode")() is True


def test_meta_tensors_and_the_text_of_an_overflow():
    source = """
def volume(x): return x.numel()
def check(x):
    if x.numel() > 2 ** 31: raise OverflowError(f"overflow: {x.numel():,} entries")
    return x
"""
    with student(source) as wall:
        huge = torch.empty(1 << 20, 1 << 20, device="meta")
        assert wall.get("volume")(huge) == 1 << 40
        with pytest.raises(OverflowError, match="overflow: 1,099,511,627,776 entries"):
            wall.get("check")(huge)
        vast = torch.empty(256, 2**50, device="meta")
        assert wall.get("volume")(vast) == 2**58
        small = torch.empty(3, device="meta")
        assert wall.get("check")(small) is small


def test_an_argument_that_cannot_cross_is_the_tests_error_however_the_test_takes_it():
    with student("def f(x): return 1") as wall:
        endless: list = []
        endless.append(endless)
        with pytest.raises(Unsendable, match="contains itself"):
            wall.get("f")(endless)
        assert isinstance(wall.trouble, Unsendable)
        with pytest.raises(Unsendable):
            wall.get("f")


def test_torchs_own_functions_and_python_types_cross_by_name():
    source = """
import torch
def which(f, x): return f is torch.nn.functional.relu, f(x)
def cast(kind, x): return kind(x)
def types(): return int, ValueError
"""
    with student(source) as wall:
        assert wall.get("which")(F.relu, torch.tensor(-1.0)) == (True, torch.tensor(0.0))
        assert wall.get("cast")(int, 3.7) == 3
        assert wall.get("types")() == (int, ValueError)


def test_random_numbers_follow_the_judges_seed_and_are_never_drawn_twice():
    source = "import torch\ndef draw(): return torch.randn(4)\ndef seed(n): torch.manual_seed(n)"
    with student(source) as wall:
        torch.manual_seed(3)
        expected = torch.randn(4)
        torch.manual_seed(3)
        assert torch.equal(wall.get("draw")(), expected)
        assert not torch.equal(torch.randn(4), expected)
        assert not torch.equal(wall.get("draw")(), wall.get("draw")())
        torch.manual_seed(5)
        chosen = torch.randn(4)
        wall.get("seed")(5)
        assert not torch.equal(torch.randn(4), chosen)


def test_a_saved_random_state_can_be_restored_by_the_student():
    source = "import torch\ndef save(): return torch.get_rng_state()\ndef load(s): torch.set_rng_state(s)"
    with student(source) as wall:
        torch.manual_seed(3)
        saved = wall.get("save")()
        first = torch.randn(4)
        wall.get("load")(saved)
        assert torch.equal(torch.randn(4), first)


def test_a_generator_crosses_with_its_state():
    source = "import torch\ndef draw(g): return torch.rand(3, generator=g)"
    with student(source) as wall:
        expected = torch.rand(3, generator=torch.Generator().manual_seed(1))
        mine = torch.Generator().manual_seed(1)
        assert torch.equal(wall.get("draw")(mine), expected)
        assert not torch.equal(wall.get("draw")(mine), expected)


def test_a_fixtures_object_is_the_students_own_of_that_name():
    class Words:
        def encode(self, text):
            return [1]

    words = Words()
    source = """
class Words:
    def encode(self, text): return text.split()
words = Words()
def tokens(w, text): return w.encode(text)
def anything(w): return dir(w)
"""
    with student(source, shared={"words": words}) as wall:
        assert wall.get("tokens")(words, "a b") == ["a", "b"]
        with pytest.raises(AttributeError):
            wall.get("tokens")(Words(), "a b")


def test_a_fixtures_tokenizer_and_model_of_transformers_go_by_name_though_they_can_be_called():
    made = """
import tokenizers, torch, transformers
words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?"))
words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words)
torch.manual_seed(0)
net = transformers.BertModel(transformers.BertConfig(
    vocab_size=3, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8))
net.eval()
"""
    here: dict[str, Any] = {}
    exec(made, here)
    shared = {name: here[name] for name in ("tokenizer", "net")}
    source = made + "def ids(t, text): return t(text)['input_ids']\ndef own(t): return t is tokenizer, type(t).__name__"
    source += "\ndef run(m, x): return m(input_ids=x).last_hidden_state, m is net"
    with student(source, shared=shared) as wall:
        assert wall.get("ids")(here["tokenizer"], "b a c") == [1, 0, 2]
        assert wall.get("own")(here["tokenizer"]) == (True, type(here["tokenizer"]).__name__)
        x = torch.tensor([[0, 1]])
        got, same = wall.get("run")(here["net"], x)
        assert same and torch.equal(got, here["net"](x).last_hidden_state)


def test_repeatable_and_inference_mode():
    source = "import torch\nseen = []\ndef pure(x): return x * 2\ndef grows(x): seen.append(x); return x + len(seen)"
    with student(source) as wall:
        check.repeatable(wall.get("pure"), torch.ones(3))
        with pytest.raises(check.CheckFailed, match="keep something from call to call"):
            check.repeatable(wall.get("grows"), torch.ones(3))
        with torch.inference_mode():
            x = torch.ones(3)
            assert wall.get("grows")(x).tolist() == [4.0] * 3 and wall.get("pure")(x).is_inference() is False
            wall.get("grows")(x)


def test_a_short_call_takes_little_time(wall):
    import time

    fn, x = wall.get("same"), torch.ones(4)
    began = time.process_time()
    for _ in range(100):
        fn(x)
    assert (time.process_time() - began) / 100 < 0.005  # seconds of the judge's own; measured 0.0003
