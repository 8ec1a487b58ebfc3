import pytest

from memrob.errors import UserError
from memrob.workflow import supply
from memrob.workflow.supply import Supply


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def looks(monkeypatch):
    """Raw sets that were looked for; CIFAR-10 cannot be had."""
    looks = []

    def availability(raw_set, mirror):
        looks.append((raw_set, mirror))
        return raw_set != "cifar10", f"{raw_set}: the reason"

    monkeypatch.setattr(supply, "availability", availability)
    return looks


def test_a_run_looks_for_each_set_once_and_only_for_what_it_needs(looks):
    run = Supply("/copies")
    run.look()
    assert run.missing(["mnist"]) == {}
    assert looks == [("mnist", "/copies")]
    for _ in range(2):
        assert run.missing(["cifar10", "mnist"]) == {"cifar10": "cifar10: the reason"}
    assert looks == [("mnist", "/copies"), ("cifar10", "/copies")]
    assert run.missed() == {"cifar10": "cifar10: the reason"}


def test_jobs_read_what_their_run_found(looks):
    job = Supply(None)
    assert job.missing(["cifar10"]) == {}
    run = Supply(None)
    run.look()
    run.missing(["cifar10", "mnist"])
    n_looks = len(looks)
    assert job.missing(["cifar10", "mnist"]) == {"cifar10": "cifar10: the reason"}
    assert job.missing(["mnist"]) == {}
    assert len(looks) == n_looks
    supply.forget()
    assert job.missing(["cifar10"]) == {}


def test_the_next_run_looks_again(looks):
    Supply(None).look()
    first = Supply(None)
    first.look()
    first.missing(["cifar10"])
    second = Supply(None)
    second.look()
    assert not supply.FILE.exists()
    second.missing(["cifar10"])
    assert [name for name, _ in looks] == ["cifar10", "cifar10"]


def test_a_folder_that_is_not_there_is_the_mistake_of_the_user(folder):
    run = Supply(str(folder / "absent"))
    run.look()
    with pytest.raises(UserError, match="absent"):
        run.missing(["mnist"])
