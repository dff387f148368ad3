"""Two clocks: business time is an argument, machine time is the database's `clock_timestamp()`."""

import ast
import re

from tests.architecture.source import PRODUCT, calls, python_files, sql_files, text, tree

THE_CLOCK = "orders_core/clock.py"
ASKING = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today"),
    *("func.now", "func.current_timestamp", "func.localtimestamp", "func.statement_timestamp"),
}
OF_SQL = re.compile(
    r"\b(now\s*\(\s*\)|current_timestamp|localtimestamp|current_date|statement_timestamp\s*\(|transaction_timestamp\s*\()",
    re.IGNORECASE,
)
A_STATEMENT = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|VALUES)\b")


def test_nobody_asks_the_machine_for_the_time_but_the_clock():
    astray = [
        f"{path}:{line} {name}"
        for path in python_files(*PRODUCT)
        if str(path) != THE_CLOCK
        for line, name in calls(path)
        if name in ASKING
    ]

    assert astray == []


def test_no_sql_asks_for_the_time_in_a_way_that_stands_still_in_a_transaction():
    in_files = [
        f"{path}: {found.group()}"
        for path in sql_files()
        for found in OF_SQL.finditer(re.sub(r"--.*", "", text(path)))
    ]
    in_strings = [
        f"{path}:{node.lineno} {found.group()}"
        for path in python_files(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and A_STATEMENT.search(node.value)
        for found in OF_SQL.finditer(node.value)
    ]

    assert in_files + in_strings == []
