"""`lesson.hub()`: which Hub it takes, and the real client libraries with the course's own inside their process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_sample import lay_out

from autograde import lesson
from autograde.lesson.hub import choose

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("data") / "hub")


@pytest.fixture(autouse=True)
def nobody_is_connected() -> Iterator[None]:
    """The fixtures of a lesson that another test walked through may have left this process on a Hub."""
    choose.disconnect()
    yield
    choose.disconnect()


@pytest.fixture
def local(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[lesson.Hub]:
    """The course's own Hub, in this process, where everything says that there is no network."""
    import huggingface_hub
    from huggingface_hub import constants, hf_api

    assert hf_api.api.endpoint == constants.ENDPOINT
    monkeypatch.setattr("autograde.lesson.course_data.DATA", base.parent)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("MEASURE_FIRST_HUB", "local")
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(huggingface_hub.errors.OfflineModeIsEnabled):
        huggingface_hub.model_info(
            "measure-first/tiny-encoder"
        )  # the twin: without lesson.hub() nothing can be reached
    yield lesson.hub()
    choose.disconnect()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that the Hub of this process gets from now on."""
    from autograde.lesson.hub import answers

    seen: list[str] = []
    before = answers.request

    def request(environ: answers.Environ, user: str) -> answers.Request:
        made = before(environ, user)
        seen.append(f"{made.method} {'/'.join(made.parts)}")
        return made

    monkeypatch.setattr(sys.modules["autograde.lesson.hub.app"], "request", request)
    return seen


def test_a_hub_names_what_a_lesson_takes_from_it(local: lesson.Hub) -> None:
    assert local.local and local.user == "student"
    assert (local.encoder, local.posts) == ("measure-first/tiny-encoder", "measure-first/advice-or-venting")
    assert str(local) == "the course's own Hub (MEASURE_FIRST_HUB=local)"
    assert lesson.hub() is local


def test_searching_reading_and_downloading_are_the_client_librarys_own(local: lesson.Hub) -> None:
    from huggingface_hub import HfApi, ModelCard, file_exists, list_models, list_repo_files, model_info, whoami

    assert [found.id for found in list_models(filter="translation")] == ["someone/card-only"]
    assert [found.id for found in list_models(search="tiny", sort="downloads", limit=1)] == [
        "measure-first/tiny-decoder"
    ]
    card = next(iter(list_models(author="measure-first", pipeline_tag="text-classification", cardData=True)))
    assert card.card_data is not None and card.card_data.license == "mit"
    info = model_info(local.encoder, files_metadata=True)
    sizes = {file.rfilename: file.size for file in info.siblings or []}
    assert sizes["model.safetensors"] and info.created_at is not None and info.created_at.year == 2026
    assert ModelCard.load(local.encoder).data.license == "mit"
    assert "config.json" in list_repo_files(local.encoder)
    assert file_exists(local.encoder, "config.json") and not file_exists(local.encoder, "none.json")
    assert [found.id for found in HfApi().list_datasets(filter="task_categories:text-classification")] == [local.posts]
    assert whoami()["name"] == "student"


def test_errors_are_the_client_librarys_own(local: lesson.Hub) -> None:
    from huggingface_hub import errors, hf_hub_download, model_info

    with pytest.raises(errors.RepositoryNotFoundError, match="Repository Not Found for url"):
        model_info("measure-first/nothing-here")
    with pytest.raises(errors.RevisionNotFoundError):
        model_info(local.encoder, revision="v9")
    with pytest.raises(errors.EntryNotFoundError):
        hf_hub_download(local.encoder, "none.json")
    with pytest.raises(errors.HfHubHTTPError, match="student may not write to measure-first/tiny-encoder"):
        local.api().upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=local.encoder)
    with pytest.raises(errors.HfHubHTTPError, match="hub.measure-first.test|this Hub does not know"):
        local.api().get_model_tags()


def test_models_and_data_load_and_the_second_time_nothing_is_downloaded(
    local: lesson.Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasets import load_dataset
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    model = AutoModelForSequenceClassification.from_pretrained(local.encoder)
    tokens = AutoTokenizer.from_pretrained(local.encoder)("how do i mend a lamp")["input_ids"]
    assert tokens == [5, 6, 7, 8, 9, 10] and model.config.num_labels == 2
    posts = load_dataset(local.posts)
    assert {name: len(split) for name, split in posts.items()} == {"train": 20, "validation": 6}
    assert 0.5 <= pipeline("text-classification", model=local.encoder)("how do i")[0]["score"] <= 1
    seen = counted(monkeypatch)
    AutoModelForSequenceClassification.from_pretrained(local.encoder)
    assert seen and not [line for line in seen if line.startswith("GET") and "resolve" in line], seen


def test_caches_lie_in_a_folder_of_their_own(local: lesson.Hub, tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download

    assert Path(hf_hub_download(local.encoder, "config.json")).is_relative_to(tmp_path)


def test_pushes_small_and_large_are_there_for_the_student_and_for_the_grader(local: lesson.Hub, tmp_path: Path) -> None:
    import torch
    from huggingface_hub import create_repo, snapshot_download, upload_folder
    from safetensors.torch import load, save_file

    made = tmp_path / "made"
    made.mkdir()
    big = torch.arange(3_000_000, dtype=torch.float32)  # 12 MB
    save_file({"w": big}, made / "model.safetensors")
    (made / "README.md").write_text("---\nlicense: mit\n---\n# Mine\n")
    url = create_repo("mine", exist_ok=True)
    assert url.repo_id == "student/mine" and create_repo("mine", exist_ok=True).repo_id == "student/mine"
    upload_folder(folder_path=made, repo_id="student/mine")
    files = local.pushed_files("student/mine")
    assert sorted(files) == [".gitattributes", "README.md", "model.safetensors"]
    assert torch.equal(load(files["model.safetensors"])["w"], big)
    assert (local.pushed("student/mine") / "README.md").read_text().endswith("# Mine\n")
    back = Path(snapshot_download("student/mine"))
    assert (back / "model.safetensors").stat().st_size == (made / "model.safetensors").stat().st_size
    info = local.api().model_info("student/mine", files_metadata=True)
    (large,) = [file for file in info.siblings or [] if file.lfs]
    assert large.rfilename == "model.safetensors" and large.lfs is not None and large.lfs.size == large.size


def test_push_to_hub_makes_a_model_that_from_pretrained_loads(local: lesson.Hub) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(local.encoder)
    with torch.no_grad():
        model.classifier.bias.copy_(torch.tensor([1.0, 2.0]))
    model.push_to_hub("lamps")
    AutoTokenizer.from_pretrained(local.encoder).push_to_hub("lamps")
    again = AutoModelForSequenceClassification.from_pretrained("student/lamps")
    assert torch.equal(again.classifier.bias, model.classifier.bias)
    assert AutoTokenizer.from_pretrained("student/lamps")("how do i")["input_ids"] == [5, 6, 7]


def test_nothing_new_makes_no_new_commit(local: lesson.Hub) -> None:
    api = local.api()
    api.create_repo("same")
    first = api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="student/same")
    assert api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="student/same").oid == first.oid


def test_a_fork_sees_what_was_pushed_before_it_and_keeps_its_own_pushes(local: lesson.Hub) -> None:
    api = local.api()
    api.create_repo("before")
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="student/before")
            api.create_repo("child")
            said = [sorted(local.pushed_files("student/before")), sorted(local.pushed_files("student/child"))]
            os.write(writes, json.dumps(said).encode())
        finally:
            os._exit(0)
    os.close(writes)
    assert json.loads(os.read(reads, 10_000)) == [[".gitattributes", "x.txt"], [".gitattributes"]]
    os.waitpid(pid, 0)
    assert sorted(local.pushed_files("student/before")) == [".gitattributes"]
    with pytest.raises(lesson.LessonError, match=r"there is no model student/child on this Hub. Was it pushed\?"):
        local.pushed_files("student/child")


def test_a_request_that_is_not_for_this_hub_goes_nowhere(local: lesson.Hub) -> None:
    from huggingface_hub.utils import get_session

    answer = get_session().get("https://huggingface.co/api/models")
    assert (answer.status_code, answer.json()["error"]) == (404, "huggingface.co: from this Hub no other is reached")
    # huggingface_hub 1.x has this one address in its code
    card = {"content": "---\nlicense: mit\n---\n", "repoType": "model"}
    answer = get_session().post("https://huggingface.co/api/validate-yaml", json=card)
    assert answer.status_code == 200 and answer.json()["errors"] == []


def test_afterwards_everything_is_as_it_was(base: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants, hf_api
    from huggingface_hub.utils import _http

    def state() -> list[object]:
        names = [name for name in dir(constants) if name.isupper()]
        factories = [_http._GLOBAL_CLIENT_FACTORY, _http._GLOBAL_ASYNC_CLIENT_FACTORY, hf_api.api.endpoint]
        return [dict(os.environ), {name: getattr(constants, name) for name in names}, factories]

    monkeypatch.setattr("autograde.lesson.course_data.DATA", base.parent)
    monkeypatch.setenv("MEASURE_FIRST_HUB", "local")
    before = state()
    lesson.hub()
    assert state() != before
    choose.disconnect()
    assert state() == before


ASYNC = """
import asyncio, pathlib, sys
import autograde.lesson.course_data as place
place.DATA = pathlib.Path(sys.argv[1])
from autograde import lesson
hub = lesson.hub()
from huggingface_hub.utils import get_async_session
async def ask():
    async with get_async_session() as session:
        return (await session.get(hub.address + "/api/models/" + hub.encoder)).json()["id"]
print(asyncio.run(ask()))
"""


def test_the_asynchronous_client_reaches_it_too(base: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ASYNC, base.parent], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("measure-first/tiny-encoder\n", 0), done.stderr


# Which Hub


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing was chosen."""
    for name in ("MEASURE_FIRST_HUB", "MEASURE_FIRST_SCALE", "NBGRADER_EXECUTION", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("autograde.lesson.settings._latest", [])


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize(
    ("setting", "scale", "grading", "reached", "which"),
    [
        ("", "full", False, True, ("real", "https://huggingface.co can be reached")),
        ("", "full", False, False, ("local", "https://huggingface.co cannot be reached from here")),
        ("", "ci", False, True, ("local", "at this scale the lesson uses the course's small models")),
        ("auto", "full", False, True, ("real", "https://huggingface.co can be reached")),
        ("local", "full", False, True, ("local", "MEASURE_FIRST_HUB=local")),
        ("real", "ci", False, False, ("real", "MEASURE_FIRST_HUB=real")),
        ("real", "full", True, True, ("local", "grading uses no network")),
    ],
)
def test_the_choice_follows_grading_then_the_setting_then_the_scale_then_the_network(
    monkeypatch: pytest.MonkeyPatch, setting: str, scale: str, grading: bool, reached: bool, which: tuple[str, str]
) -> None:
    monkeypatch.setattr(choose, "reachable", lambda address: reached)
    if grading:
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert choose.choose(setting, scale) == which


@pytest.mark.usefixtures("nothing_set")
def test_the_scale_is_what_the_lesson_started_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "reachable", lambda address: True)
    lesson.start("cpu", "full")
    assert choose.choose("", "auto")[0] == "real"
    lesson.start("cpu", "ci")
    assert choose.choose("", "auto")[0] == "local"


def test_a_setting_that_is_none_is_named() -> None:
    with pytest.raises(lesson.LessonError) as error:
        choose.choose("offline", "auto")
    assert str(error.value) == 'MEASURE_FIRST_HUB is \'offline\': set it to "local", "real" or "auto".'


def test_an_address_that_does_not_answer_is_not_waited_for() -> None:
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        assert not choose.reachable(address, seconds=0.3)
        assert time.monotonic() - began < 2
    assert not choose.reachable(address, seconds=5)


def test_on_the_real_hub_the_courses_data_sets_are_folders(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr("autograde.lesson.course_data.DATA", base.parent)
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: None)
    hub, undo = choose._real("a test")
    undo()
    assert not hub.local and hub.posts == str(base / "datasets/measure-first/advice-or-venting")
    assert (hub.encoder, hub.user) == ("sentence-transformers/all-MiniLM-L6-v2", "")
    with pytest.raises(lesson.LessonError, match="only the course's own Hub can be looked into"):
        hub.pushed("a/b")
