"""Tables as people have them: read, or named for what they are in one line."""

import bz2
import gzip
import os
import threading
import zipfile

import numpy as np
import pytest
from tables_of_people import parquet, read, refusal, refusal_of, write

from memrob.data.tables import load_points

pytestmark = pytest.mark.usefixtures("in_folder")


@pytest.mark.parametrize(
    ("labels", "y", "names"),
    [
        (["1_1", "11", "1_2", "12"], [2, 0, 3, 1], ("11", "12", "1_1", "1_2")),
        (["1E1", "10", "1E2"], [1, 0, 2], ("10", "1E1", "1E2")),
        (["1", "1.0", "+1", "2."], [1, 1, 1, 2], ("1", "2")),
        (["0", "-0", "-1", "0.00"], [0, 0, -1, 0], ("-1", "0")),
        (["01234", "1234", "01234"], [0, 1, 0], ("01234", "1234")),
        (["1", "1.0", "x", "2.50"], [0, 0, 2, 1], ("1", "2.50", "x")),
        (["٣", "3", "３"], [1, 0, 2], ("3", "٣", "３")),
        (["1,000", "1000"], [0, 1], ("1,000", "1000")),
        (["0x1", "1"], [0, 1], ("0x1", "1")),
        (["nan", "NaN", "inf"], [2, 0, 1], ("NaN", "inf", "nan")),
        (["9007199254740992", "9007199254740993"], [2**53, 2**53 + 1], None),
        (["18446744073709551616", "5"], [1, 0], ("5", "18446744073709551616")),
        (["0.000e+00", "1.000e+00"], [0, 1], ("0.000e+00", "1.000e+00")),
        (["a\nb", 'say "x"', "a, b"], [0, 2, 1], ("a\nb", "a, b", 'say "x"')),
    ],
    ids=str,
)
def test_classes_keep_the_names_of_the_file(labels, y, names):
    cells = ['"' + label.replace('"', '""') + '"' for label in labels]
    found = read("v,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    np.testing.assert_array_equal(found.y, y)
    assert found.class_names == (tuple(labels) if names is None else names)
    typed = load_points(parquet(v=list(range(len(labels))), y=labels))
    assert (typed.y.tolist(), typed.class_names) == (found.y.tolist(), found.class_names)


def test_numbers_in_every_notation_of_programs():
    found = read("a,b,y\n+1,.5,0\n1.,1e2,1\n 2 ,1E-3 ,1\n-0,-1.5e+1,0\n")
    np.testing.assert_array_equal(found.X, np.float32([[1, 0.5], [1, 100], [2, 1e-3], [0, -15]]))
    assert (read("a,y\ntrue,0\nFALSE,1\n").X == [[1], [0]]).all()


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1_2", "1_2 in row 0 (counted from 0); leave out the underscores, or leave out with"),
        ("٣", "write numbers with the digits 0 to 9"),
        ("１２", "write numbers with the digits 0 to 9"),
        ('"1,5"', "write decimals with a point"),
        ('"12,345.6"', "leave out the thousands separator"),
        ("1 234", "leave out the thousands separator"),
        ("0x1F", "write numbers in decimal notation"),
        ("5%", "leave out the percent sign"),
        ("\u22125", "write the minus sign as -"),
    ],
)
def test_what_is_no_number_is_told(cell, message):
    assert message in refusal(f"a,b,y\n{cell},1,0\n{cell},2,1\n")
    # The same if most of the column are numbers.
    found = refusal(f"a,b,y\n7,1,0\n{cell},2,1\n")
    assert "column a in row 1 (counted from 0) must be a finite number, found" in found
    assert message.partition("; ")[2].partition(", ")[0] in found
    assert "column a in row 0" in refusal_of(parquet(a=[cell.strip('"'), "1"], y=[0, 1]))


@pytest.mark.parametrize("cell", ["nan", "NA", "inf", "-Infinity", "?", "null", "1e400"])
def test_numbers_are_finite(cell):
    assert "column a in row 1 (counted from 0) must be a finite number, found" in refusal(
        f"a,y\n1,0\n{cell},1\n2,1\n"
    )


HEADERLESS = {
    "classes": "5.1,3.5,ash\n4.9,3,ash\n4.7,3,elm\n",
    "first class once": "5.1,3.5,ash\n4.9,3,elm\n4.7,3,oak\n",
    "numbers": "1,2\n3,4\n5,6\n",
    "mixed": "a1,5.1,ash\nb2,4.9,elm\nc3,4.7,ash\n",
    "missing": "?,1.5,ash\n2,2,ash\n3,2,elm\n",
    "truth values": "True,ash\nFalse,ash\nTrue,elm\n",
    "letters": "p,x,s\ne,x,y\np,b,s\n",
    "quoted": '"5.1","3.5","ash"\n"4.9","3","ash"\n"4.7","3","elm"\n',
    "tabs": "5.1\t3.5\tash\n4.9\t3\tash\n",
    "whole": "1,1,ash\n2,1,elm\n3,3,elm\n",
    "separators": '"1,5",ash\n"2,5",elm\n',
    "called target": "5,3,target\n1,2,control\n2,2,control\n",
    "found late": "0,1,target\n" + "1,2,control\n" * 300 + "9,9,target\n",
}


@pytest.mark.parametrize("text", HEADERLESS.values(), ids=HEADERLESS)
def test_first_row_of_data_is_not_lost(text):
    for options in ({}, {"label": text.split("\n")[0].replace("\t", ",").split(",")[-1]}):
        assert "--no-header" in refusal(text, **options)


def test_header_is_said_by_the_user():
    text = HEADERLESS["classes"]
    found = read(text, header=False, label="3")
    assert (found.feature_names, found.label_name) == (("1", "2"), "3")
    np.testing.assert_array_equal(found.X, np.float32([[5.1, 3.5], [4.9, 3], [4.7, 3]]))
    assert found.class_names == ("ash", "elm")
    found = read(text, header=True, label="ash")
    assert (found.feature_names, len(found.y)) == (("5.1", "3.5"), 2)
    assert "--label NAME (found none of y, label, class and target among 1, 2, 3)" in refusal(
        text, header=False
    )
    assert read("1,2\n3,4\n5,6\n", header=True, label="1").feature_names == ("2",)
    np.savez("t.npz", X=np.eye(2), y=[0, 1])
    for header, option in ((True, "--header"), (False, "--no-header")):
        for name in ("t.npz", parquet(a=[1, 2], y=[0, 1])):
            assert f"{option} is for" in refusal_of(name, header=header)


@pytest.mark.parametrize(
    "text",
    [
        "label,0,1\n5,1,2\n6,4,5\n",
        "0,1,label\n1,2,cat\n4,5,dog\n",
        "country,2019,2020,y\n1,2,3,a\n2,3,4,b\n",
        "x,y\n1,x\n2,y\n",
        "400,410.y,y\n1,2,0\n3,4,1\n",
        '"a\nb","c, d","say ""x""",y\n1,2,3,u\n4,5,6,v\n',
        "{a},PAR1,y\n1,2,0\n3,4,1\n",
        "<a>,y\n1,0\n3,1\n",
        "PAR1,y\n1,0\n3,1\n",
    ],
)
def test_header_is_told_by_the_lines(text):
    found = read(text)
    assert len(found.y) == 2
    assert found.label_name in {"label", "y"}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa,y\n1,ä\n2,b\n".encode(),
        "a,y\n1,ä\n2,b\n".encode("utf-16"),
        "\ufeffa,y\r\n1,ä\r\n2,b\r\n".encode("utf-16-be"),
        "a,y\r1,ä\r2,b\r".encode(),
        "a,y,\n1,ä,\n2,b,\n".encode(),
        "a,y\n1,ä,\n2,b,\n".encode(),
        "a,y,,\n1,ä\n2,b\n".encode(),
        "\n\na,y\n\n1,ä\n   \n2,b\n\n".encode(),
        "a|y\n1|ä\n2|b".encode(),
        '"a";"y"\n"1";"ä"\n"2";"b"\n'.encode(),
        gzip.compress("a,y\n1,ä\n2,b\n".encode(), mtime=0),
    ],
    ids=str,
)
def test_texts_of_every_make_are_read(text):
    found = read(text)
    np.testing.assert_array_equal(found.X, [[1], [2]])
    assert (found.feature_names, found.class_names) == (("a",), ("b", "ä"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,y\n1,x\n2,Gänse\n".encode("latin-1"), "line 3 is no text in UTF-8 (byte 0xe4)"),
        ("a,y\n1,0\n".encode("utf-16-le"), "binary data, or a text in UTF-16 without a mark"),
        ("a,b,y\n1,2,0\n3,4\n5,6,1\n", "line 3 has 2 cells, the first line 3"),
        ("a,b,y\n\n1,2,0\n3,4,1,5\n", "line 4 has 4 cells, the first line 3"),
        ('a,b,y\n1,"2\n",0\n3,1\n', "line 4 has 2 cells, the first line 3"),
        ("a,y\n1,0\n# half\n2,1\n", "line 3 has 1 cell, the first line 2 (comments are not read"),
        ("# made by me\na,y\n1,0\n2,1\n", "the first line is a comment (# made by me)"),
        ("sep=;\na;y\n1;0\n2;1\n", "the first line is meant for Excel (sep=); delete it"),
        ("a b y\n1 2 0\n3 4 1\n", "found one column only, 'a b y'; columns must be separated"),
        ("a,y,\n1,0,\n2,1,5\n", "column 3 has no name"),
        ("a,,y\n1,2,0\n3,4,1\n", "column 2 has no name"),
        ("a,a,y\n1,2,0\n3,4,1\n", "two columns are called a"),
        ('a,y\n1,"0\n2,1\n', "a quotation mark is not closed (EOF inside string"),
        ('a,y\n1,0\n"2,1\n', "a quotation mark is not closed (EOF inside string"),
        ("a,y\n1,0\n".encode("utf-32"), "found text in UTF-32; save it in UTF-8"),
        ("a,y\n1,ä\n2,b\n".encode("utf-16")[:-1], "is damaged UTF-16"),
        ("", "found nothing"),
        ("\ufeff\n \n", "found nothing"),
        (b"a,y\n1,0\n\0\0\n", "binary data"),
        (b"a,y\n" + b"1,0\n" * 20_000 + b"\xff,1\n", "line 20002 is no text in UTF-8"),
        (bytes(range(256)) * 9, "found binary data"),
        ('{"a": [1, 2]}', "found JSON"),
        ("<!DOCTYPE html>\n<html></html>", "found HTML or XML"),
        ("@RELATION iris\n", "found an ARFF file"),
        (b"%PDF-1.7", "found a PDF document"),
        (b"\x80\x04\x95", "found a pickle"),
        (bz2.compress(b"a,y\n"), "found a file compressed with bzip2; unpack it first"),
        (
            gzip.compress(b"a,y\n1,0\n2,1\n", mtime=0)[:-9],
            "compressed with gzip and damaged or truncated",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "found a spreadsheet; save it as CSV"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ],
)
def test_other_files_are_named_for_what_they_are(content, message):
    assert message in refusal(content)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (["inner.csv"], "found a ZIP archive with inner.csv; unpack it first"),
        (["a", "b", "c", "d", "e"], "found a ZIP archive with a, b, c and 2 more"),
        (["[Content_Types].xml", "xl/workbook.xml"], "found a spreadsheet; save it as CSV"),
        (["mimetype", "content.xml"], "found a spreadsheet; save it as CSV"),
        (["X.npy"], "expected arrays X and y, found X"),
    ],
)
def test_archives_are_told_apart(members, message):
    with zipfile.ZipFile("t.csv", "w") as archive:
        for member in members:
            archive.writestr(member, b"1")
    assert message in refusal_of("t.csv")


def test_pipes_and_undecodable_names():
    os.mkfifo("pipe")
    for content in (b"a,y\n1,u\n2,v\n", gzip.compress(b"a,y\n1,u\n2,v\n")):
        writer = threading.Thread(target=write, args=(content, "pipe"))
        writer.start()
        assert load_points("pipe").class_names == ("u", "v")
        writer.join()
    np.savez("t.npz", X=np.eye(2), y=[3, 4])
    with open("t.npz", "rb") as file:  # noqa: PTH123
        content = file.read()
    writer = threading.Thread(target=write, args=(content, "pipe"))
    writer.start()
    assert load_points("pipe").class_names == ("3", "4")
    writer.join()
    assert "found a device" in refusal_of("/dev/zero")
    name = os.fsdecode(b"g\xe4nse.csv")
    assert read("a,y\n1,u\n2,v\n", name).class_names == ("u", "v")
    assert "found no such file" in refusal_of(os.fsdecode(b"none\xff.csv"))


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 2**63 + 1, 10**30 + 1])
def test_integers_that_a_double_rounds_are_named(value):
    message = f"column id in row 1 (counted from 0) holds the integer {value}, which double"
    text = f"id,b,y\n5,1,0\n{value},2,1\n"
    assert message in refusal(text)
    assert read(text, drop=["id"]).feature_names == ("b",)
    if -(2**63) <= value < 2**63:
        assert message in refusal_of(parquet(id=[5, value], y=[0, 1]))
        np.savez("t.npz", X=[[1, 5], [2, value]], y=[0, 1])
        assert f"X holds the integer {value} in row 1" in refusal_of("t.npz")


def test_numbers_of_any_length_are_read():
    found = read(f"a,y\n{2**53}.0,0\n{2**70},1\n-{2**60},1\n")
    np.testing.assert_array_equal(found.X[:, 0], np.float32([2**53, 2**70, -(2**60)]))
    assert "column a in row 0" in refusal("a,y\n" + "9" * 400 + ",0\n1,1\n")


def test_norm_beyond_double_precision_is_named():
    text = "a,b,y\n1.7e308,1.7e308,0\n-1.7e308,1,1\n"
    assert "has a point whose norm exceeds double precision" in refusal(text, normalize=True)
