"""The tiny models on the course's own Hub: they load and are what their cards say; their making can be repeated."""

import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from autograde import lesson
from autograde.authoring.models import FIGURES, measure, texts
from autograde.authoring.models.recipes import RECIPES
from autograde.cli import main
from autograde.lesson.hub import choose

HUB = Path(__file__).parents[1] / "data" / "hub"
HOME = HUB / "models" / "measure-first"
FILES = {"README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
CLASSES = {"encoder": "BertForMaskedLM", "decoder": "LlamaForCausalLM", "classifier": "BertForSequenceClassification"}


def card(name: str) -> str:
    return (HOME / name / "README.md").read_text(encoding="utf-8")


def on_the_card(name: str, begins: str) -> float:
    """The number in the card's row that begins with these words."""
    row = next(line for line in card(name).splitlines() if line.startswith(f"| {begins}"))
    return float(row.split("|")[-2])


def header(name: str) -> dict:
    """The header of the weights, read by hand."""
    raw = (HOME / name / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    return json.loads(raw[8 : 8 + length])


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEASURE_FIRST_HUB", "local")
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("cache")))
        yield lesson.hub()
        choose.disconnect()


def loaded(name: str):
    import transformers

    recipe = RECIPES[name]
    model, report = getattr(transformers, CLASSES[recipe.kind]).from_pretrained(
        f"measure-first/{name}", output_loading_info=True
    )
    return model.eval(), transformers.AutoTokenizer.from_pretrained(f"measure-first/{name}"), report


def test_every_recipe_has_its_repository_and_nothing_else_lies_there():
    assert {path.name for path in HOME.iterdir()} == set(RECIPES)
    for name in RECIPES:
        assert {path.name for path in (HOME / name).iterdir()} == FILES
        assert all(path.stat().st_mode & 0o777 == 0o644 for path in (HOME / name).iterdir())


def test_each_is_at_most_3_mb_and_all_together_are_at_most_10():
    sizes = {name: sum(path.stat().st_size for path in (HOME / name).iterdir()) for name in RECIPES}
    assert max(sizes.values()) <= 3_000_000 and sum(sizes.values()) <= 10_000_000


@pytest.mark.parametrize("name", RECIPES)
def test_the_weights_are_float16_and_as_many_as_the_card_says(name):
    tensors = {key: value for key, value in header(name).items() if key != "__metadata__"}
    assert {value["dtype"] for value in tensors.values()} == {"F16"}
    count = sum(torch.Size(value["shape"]).numel() for value in tensors.values())
    assert f"\n{count:,} parameters: " in card(name)


@pytest.mark.parametrize("name", RECIPES)
def test_from_pretrained_gives_float32_and_every_weight_comes_from_the_file(hub, name):
    model, tokenizer, report = loaded(name)
    assert model.dtype == torch.float32 and not any(report.values())
    stored = header(name)
    assert sum(p.numel() for p in model.parameters()) == sum(
        torch.Size(value["shape"]).numel() for key, value in stored.items() if key != "__metadata__"
    )
    assert len(tokenizer) == model.config.vocab_size
    assert max(tokenizer("Is it the fuse, or the café’s old lead?")["input_ids"]) < model.config.vocab_size


@pytest.mark.parametrize("name", RECIPES)
def test_a_model_is_found_by_what_its_card_says(hub, name):
    found = hub.api().model_info(f"measure-first/{name}")
    assert f"license:{RECIPES[name].license}" in found.tags and "dataset:measure-first/advice-or-venting" in found.tags
    assert found.pipeline_tag in ("fill-mask", "text-generation", "text-classification")
    assert found.downloads == FIGURES[f"models/measure-first/{name}"]["downloads"]


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.kind == "encoder"])
def test_an_encoder_finds_as_many_passages_as_its_card_says(hub, name):
    model, tokenizer, _ = loaded(name)
    got = measure.embedding_recall(model.bert, tokenizer._tokenizer, 256)
    rows = ("the same, after them", "recall at 3")
    said = on_the_card(name, rows[0] if rows[0] in card(name) else rows[1])
    assert got == pytest.approx(said, abs=0.011)  # one question more or less: float16, and another order of sums
    assert measure.overlap_recall() == pytest.approx(on_the_card(name, "for comparison: BM25"), abs=5e-4)


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.matching])
def test_the_contrastive_steps_help_the_search(name):
    assert on_the_card(name, "the same, after them") > on_the_card(name, "recall at 3") + 0.05


def test_the_classifier_is_as_good_as_its_card_says(hub):
    model, tokenizer, _ = loaded("tiny-advice-classifier")
    got = measure.accuracy(model, tokenizer._tokenizer, 256)
    assert got == pytest.approx(on_the_card("tiny-advice-classifier", "accuracy"), abs=0.009) and got > 0.85
    assert model.config.id2label == {0: "vents", 1: "asks"}


def test_the_encoder_guesses_a_hidden_word_better_than_by_counting(hub):
    """On validation posts, which it has not read: below the entropy of single tokens, about 6."""
    from autograde.authoring.models import pretrain

    model, tokenizer, _ = loaded("tiny-encoder")
    ids = torch.tensor(tokenizer(" ".join(texts.posts("validation")[0]), truncation=False)["input_ids"][:2048])
    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        loss = pretrain.masked_loss(model, ids.view(-1, 64), tokenizer.mask_token_id, draw).item()
    counts = torch.bincount(ids, minlength=model.config.vocab_size).double()
    entropy = -(counts[counts > 0] / len(ids) * (counts[counts > 0] / len(ids)).log()).sum().item()
    assert loss < entropy + 0.5, (loss, entropy)


def test_the_decoder_goes_on_with_words_that_it_has_read(hub):
    model, tokenizer, _ = loaded("tiny-decoder")
    start = tokenizer("Return a list of", return_tensors="pt")
    torch.manual_seed(0)
    out = model.generate(**start, min_new_tokens=80, max_new_tokens=80, do_sample=True, top_k=5, num_return_sequences=4)
    new = " ".join(tokenizer.batch_decode(out[:, start.input_ids.shape[1] :], skip_special_tokens=True))
    written = set(re.findall(r"[a-z]{4,}", new.lower()))
    read = {word for piece in texts.corpus() for word in re.findall(r"[a-z]{4,}", piece.text.lower())}
    assert len(written) >= 30 and len(written & read) >= 0.7 * len(written), written


def test_any_text_goes_through_the_decoders_tokenizer_and_back(hub):
    tokenizer = loaded("tiny-decoder")[1]
    for text in ("  two  spaces\n\ttab", "naïve café 日本語 🙂", "x = {'a': [1, 2]}"):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_no_model_read_a_post_or_question_that_lessons_measure_on():
    read = {piece.text for piece in texts.corpus()}
    held = [row["text"] for row in texts.rows("hub/datasets/measure-first/advice-or-venting/validation.jsonl")]
    held += [row["text"] for row in texts.rows("held_out/advice-or-venting/test.jsonl")]
    held += [row["question"] for row in texts.rows("hub/datasets/measure-first/repair-cafe/questions.jsonl")]
    assert not read & set(held)
    assert read & set(texts.posts("train")[0])  # the twin: what was read is found


@pytest.mark.slow
def test_the_same_command_makes_the_same_files_in_another_process(tmp_path):
    """A hash table has another order in each process, and a tokenizer's trainer goes by one."""
    for run, seed in (("one", "0"), ("two", "0"), ("other", "1")):
        command = [sys.executable, "-m", "autograde", "models", "--toy", "--seed", seed, "--to", str(tmp_path / run)]
        subprocess.run(command, check=True, capture_output=True, cwd=HUB.parents[1])
    files = sorted(path for path in (tmp_path / "one").rglob("*") if path.is_file() and path.name != "README.md")
    assert len(files) == 4 * len(RECIPES) + 1  # a card tells the seconds, and may differ
    for path in files:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path
    weights = "models/measure-first/tiny-decoder/model.safetensors"
    assert (tmp_path / "one" / weights).read_bytes() != (tmp_path / "other" / weights).read_bytes()


def test_a_name_that_is_no_model_is_refused(capsys):
    assert main(["models", "huge-encoder"]) == 2
    assert "error: no model called huge-encoder: there are tiny-encoder, " in capsys.readouterr().err
