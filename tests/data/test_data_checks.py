import hashlib

import numpy as np
import pytest

from memrob.data.checks import check_cifar10_records, check_mnist_file, sorted_records_sha256
from memrob.errors import UserError


def records(seed=0, n=3000, width=17):
    # Few values, bytes above 127 and trailing zeros: where a signed, a C-string or a partial
    # comparison would sort differently.
    rng = np.random.default_rng(seed)
    return rng.choice(np.array([0, 1, 127, 128, 255], dtype=np.uint8), size=(n, width))


def test_digest_is_over_the_records_in_byte_order():
    rows = records()
    expected = hashlib.sha256(b"".join(sorted(row.tobytes() for row in rows))).hexdigest()
    assert sorted_records_sha256(rows) == expected


def test_digest_ignores_the_order_and_nothing_else():
    rows = records()
    shuffled = np.random.default_rng(1).permutation(rows)
    changed = rows.copy()
    changed[1234, 16] ^= 1
    assert sorted_records_sha256(shuffled) == sorted_records_sha256(rows)
    assert sorted_records_sha256(changed) != sorted_records_sha256(rows)
    assert sorted_records_sha256(rows[1:]) != sorted_records_sha256(rows)


def test_rejected_mnist_file_is_named_with_what_was_expected_and_found():
    digest = hashlib.sha256(b"other").hexdigest()
    with pytest.raises(UserError) as error:
        check_mnist_file("t10k-labels-idx1-ubyte", b"other", "some/labels.gz")
    message = str(error.value)
    assert message.startswith("some/labels.gz: expected MNIST's t10k-labels-idx1-ubyte")
    assert "ff7bcfd416de3373" in message
    assert f"found 5 bytes with SHA-256 {digest[:16]}" in message


def test_rejected_cifar10_part_is_named_with_what_was_expected_and_found():
    rows = np.zeros((3, 3073), dtype=np.uint8)
    with pytest.raises(UserError, match=r"^c\.tar\.gz: expected CIFAR-10's test .*found 3 records"):
        check_cifar10_records("test", rows, "c.tar.gz")
