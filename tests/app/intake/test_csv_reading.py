"""Files as they really arrive: each fault has its line and its reason, and the rest is read."""

import resource
import time
from pathlib import Path

import pytest

from app.intake.csv.beside import Beside
from app.intake.csv.inspecting import FileRefused, inspect
from app.intake.csv.reading import Reject, Row, header_of, rows

HEADER = "order,customer,note\n"


def written(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def good(path: Path) -> list[str]:
    return [row.cells["order"] for row in rows(path) if isinstance(row, Row)]


def bad(path: Path) -> list[str]:
    return [row.reason for row in rows(path) if isinstance(row, Reject)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("订单,客户\n一,二\n".encode("utf-16"), r"encoding: expected UTF-8 \(looks like UTF-16\)"),
        ("order,customer\n1,2\n".encode("utf-16-le"), "looks like UTF-16"),
        (
            "订单,客户\n一,二\n".encode("gb18030"),
            r"encoding: expected UTF-8 \(looks like GB18030\)",
        ),
        (b"order,note\n1,caf\xe9\n", "encoding: expected UTF-8"),
        (b"order,note\n1,\xe4\xb8", "last character is cut in two"),
        (b"order,note\n1,ok\n2,\x00\n", "line 3: NUL byte"),
        (b"PK\x03\x04\x14\x00", "Excel workbook"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"", "no rows"),
        (b"order,note\n", "no rows"),
        (b"order,note", "no rows"),
        (b"order,note\r1,x\r", "CR alone"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        inspect(written(tmp_path, content))


def test_a_missing_file_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        inspect(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("order,Email,email\n1,a,b\n", 'column "email" appears twice'),
        ("order;customer\n1;2\n", "separated by ';'"),
        ("order\tcustomer\n1\t2\n", "separated by tabs"),
        ('"order,customer\n1,2\n', "line 1: expected the names of the columns"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        header_of(written(tmp_path, header))


def test_a_bom_and_any_case_of_the_columns_are_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfOrder,CUSTOMER,Note\r\n7,ana,hi\r\n")

    assert header_of(path) == ["order", "customer", "note"]
    assert good(path) == ["7"]


def test_a_row_with_an_extra_comma_is_kept_aside_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "1,ana,hi\n2,ben,hi,there\n3,chi\n4,dee,hi\n")

    assert good(path) == ["1", "4"]
    assert bad(path) == [
        "line 3: 4 cells where the header has 3 columns",
        "line 4: 2 cells where the header has 3 columns",
    ]


def test_a_quote_never_closed_costs_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + '1,ana,"hi\n2,ben,hi\n3,chi,hi\n')

    assert good(path) == ["2", "3"]
    assert bad(path) == ["line 2: a quote opens here and is never closed"]


def test_a_quote_that_stays_open_for_64_kb_is_given_up(tmp_path: Path) -> None:
    many = "".join(f"{n},x,{'y' * 1000}\n" for n in range(100))
    path = written(tmp_path, HEADER + '0,ana,"hi\n' + many + '200,x,"closed"\n')

    assert len(good(path)) == 101
    assert bad(path) == ["line 2: a quote opens here and is never closed"]


def test_a_quoted_cell_may_span_lines_and_hold_commas(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + '1,ana,"two\nlines, ""quoted"""\n2,ben,hi\n')

    first, second = list(rows(path))

    assert isinstance(first, Row)
    assert first.cells["note"] == 'two\nlines, "quoted"'
    assert (first.line, second.line) == (2, 4)


def test_quotes_in_the_wrong_place_are_kept_aside(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + '1,"ana"x"y",hi\n2,ben,hi\n')

    assert bad(path) == ["line 2: quotes stand where none may stand"]
    assert good(path) == ["2"]


def test_a_line_over_64_kb_is_kept_aside_and_never_held(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + f"1,ana,{'x' * 5_000_000}\n2,ben,hi\n")

    assert bad(path) == ["line 2 over 64 kB"]
    assert good(path) == ["2"]


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "\n1,ana,hi\n   \n\n2,ben,hi\n\n")

    assert good(path) == ["1", "2"]
    assert bad(path) == []


def test_a_formula_is_text(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + '1,ana,"=HYPERLINK(""http://x"")"\n')

    (row,) = rows(path)

    assert isinstance(row, Row)
    assert row.cells["note"] == '=HYPERLINK("http://x")'


def test_the_same_content_has_the_same_hash_and_lines_are_counted(tmp_path: Path) -> None:
    one, other = (written(tmp_path, HEADER + "1,a,b\n2,a,b", name) for name in ("a.csv", "b.csv"))

    assert inspect(one) == inspect(other)
    assert inspect(one).lines == 3


def test_a_million_rows_are_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write(HEADER)
        file.writelines(f"{n},ana,hi\n" for n in range(200_000))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    began = time.monotonic()
    count = sum(isinstance(row, Row) for row in rows(path))

    assert count == 200_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 20_000
    assert time.monotonic() - began < 30


def test_rows_beside_are_found_by_key_in_file_order(tmp_path: Path) -> None:
    items = "order,code\n" + "".join(f'{n % 50},"C{n}"\n' for n in range(500)) + "7,broken,row\n"
    beside = Beside(written(tmp_path, items, "items.csv"), "order")

    assert [row.cells["code"] for row in beside.of("7")] == [f"C{n}" for n in range(7, 500, 50)]
    assert beside.of("nobody") == []
    assert [reject.line for reject in beside.rejects] == [502]
    beside.close()


def test_a_file_beside_must_have_its_key(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r'items\.csv: column "order" is missing'):
        Beside(written(tmp_path, "code,n\n1,2\n", "items.csv"), "order")
