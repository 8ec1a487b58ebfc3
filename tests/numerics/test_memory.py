from memrob.numerics import memory


def test_machine_has_memory():
    assert 2**26 < memory.available_memory() < 2**50


def test_limit_of_a_container(tmp_path, monkeypatch):
    limit, none = tmp_path / "memory.max", tmp_path / "absent"
    monkeypatch.setattr(memory, "LIMITS", [limit, none])
    limit.write_text("1048576\n")
    assert memory.available_memory() == 2**20
    limit.write_text("max\n")
    assert memory.available_memory() > 2**26


def test_system_that_does_not_say_what_is_available(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "absent")
    whole = memory.available_memory()
    assert whole > 2**26
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:  5 kB\n")
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    assert memory.available_memory() == 5120
