"""Column types and SQL expressions that differ between the three engines."""

from collections.abc import Callable
import typing

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext import compiler
from sqlalchemy.sql import compiler as sql_compiler
from sqlalchemy.sql import expression
from sqlalchemy.sql import operators
from sqlalchemy.sql import visitors

# SQLite counts up by itself only in an INTEGER primary key.
BigKey = sa.BigInteger().with_variant(sa.Integer, 'sqlite')
LongText = sa.Text().with_variant(mysql.MEDIUMTEXT(charset='utf8mb4'),
                                  'mysql', 'mariadb')
# With any columns.
Row: typing.TypeAlias = sa.Row[*tuple[typing.Any, ...]]
_Compiler: typing.TypeAlias = sql_compiler.SQLCompiler
_Type: typing.TypeAlias = sa.types.TypeEngine[typing.Any]


class _as_written(expression.ColumnElement[bool]):
    """A comparison of text, byte by byte also where a collation rules.

    Two texts may then differ and be equal: in case, accents, trailing spaces,
    or by form of Unicode. The comparison by collation stays, for the index.
    """

    inherit_cache = True
    _traverse_internals = [
        ('comparison', visitors.InternalTraversal.dp_clauseelement)]

    def __init__(self, comparison: sa.BinaryExpression[bool]) -> None:
        self.comparison = comparison
        self.type = comparison.type

    def self_group(self, against: operators.OperatorType | None = None
                   ) -> typing.Self:
        return self


@compiler.compiles(_as_written)
def _as_written_anywhere(element: _as_written, compiler: _Compiler,
                         **kw: typing.Any) -> str:
    return '(%s)' % compiler.process(element.comparison, **kw)


@compiler.compiles(_as_written, 'mysql')
@compiler.compiles(_as_written, 'mariadb')
def _as_written_mysql(element: _as_written, compiler: _Compiler,
                      **kw: typing.Any) -> str:
    found = element.comparison
    exact: sa.BinaryExpression[bool] = sa.BinaryExpression(
        sa.cast(found.left, sa.LargeBinary), found.right, found.operator)
    text = compiler.process(exact, **kw)
    if found.operator in _POSITIVE:
        text = '%s AND %s' % (compiler.process(found, **kw), text)
    return '(%s)' % text


_POSITIVE = (operators.eq, operators.in_op)
_NEGATIVE = (operators.ne, operators.not_in_op)


class _Comparator(sa.String.Comparator[str]):

    def operate(self, op: operators.OperatorType, *other: typing.Any,
                **kwargs: typing.Any) -> sa.ColumnElement[typing.Any]:
        found = super().operate(op, *other, **kwargs)
        # A comparison with null is another one by now.
        if isinstance(found, sa.BinaryExpression) and (
                found.operator in _POSITIVE + _NEGATIVE):
            return _as_written(found)
        return found


class Exact(sa.String):
    """Text that equals itself only, on every engine.

    Its order is that of the engine.
    """

    comparator_factory = _Comparator


class ExactText(sa.Text):
    """As `Exact`, without a bound."""

    comparator_factory = _Comparator


class Lenient(sa.types.TypeDecorator[typing.Any]):
    """A column whose rows may hold what its type does not know: dates that
    are none, words that are not of the list. One such value must not hide a
    whole page.

    :param impl: the type
    :param default: what such values are taken for
    """

    impl: _Type | type[_Type] = sa.types.NullType
    cache_ok = True

    def __init__(self, impl: _Type, default: object = None) -> None:
        super().__init__()
        self.impl, self.default = impl, default

    def copy(self, **kw: typing.Any) -> typing.Self:
        return type(self)(self.impl_instance, self.default)

    def result_processor(
            self, dialect: sa.Dialect,
            coltype: object) -> Callable[[typing.Any], typing.Any]:
        known = super().result_processor(dialect, coltype)
        wanted = self.impl_instance.python_type

        def process(value: typing.Any) -> typing.Any:
            if value is None:
                return None
            try:
                value = known(value) if known else value
            except (ValueError, TypeError, LookupError):
                return self.default
            return value if isinstance(value, wanted) else self.default
        return process


def by_collation(
        column: sa.ColumnElement[typing.Any]) -> sa.ColumnElement[str]:
    """An exact column, compared as the engine sorts it and keeps it unique."""
    return sa.type_coerce(column, sa.String)


class now_ms(expression.FunctionElement[int]):
    """Milliseconds since the epoch, by the clock of the database."""

    type = sa.BigInteger()
    inherit_cache = True


@compiler.compiles(now_ms, 'mysql')
@compiler.compiles(now_ms, 'mariadb')
def _now_ms_mysql(element: now_ms, compiler: _Compiler,
                  **kw: typing.Any) -> str:
    # UNIX_TIMESTAMP(NOW(3)) would be an hour off while clocks are put back.
    return ("(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3))"
            " DIV 1000)")


@compiler.compiles(now_ms, 'postgresql')
def _now_ms_postgresql(element: now_ms, compiler: _Compiler,
                       **kw: typing.Any) -> str:
    return 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)'


@compiler.compiles(now_ms, 'sqlite')
def _now_ms_sqlite(element: now_ms, compiler: _Compiler,
                   **kw: typing.Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


class octets(expression.FunctionElement[int]):
    """How many bytes a text has, characters in SQLite."""

    type = sa.BigInteger()
    name = 'octets'
    inherit_cache = True


@compiler.compiles(octets)
def _octets(element: octets, compiler: _Compiler, **kw: typing.Any) -> str:
    return 'octet_length(%s)' % compiler.process(element.clauses, **kw)


@compiler.compiles(octets, 'sqlite')
def _octets_sqlite(element: octets, compiler: _Compiler,
                   **kw: typing.Any) -> str:
    return 'length(%s)' % compiler.process(element.clauses, **kw)


class json_object_agg(expression.FunctionElement[str]):
    """Two columns of many rows as one JSON object; null without rows."""

    type = sa.Text()
    name = 'json_object_agg'
    inherit_cache = True


class json_array_agg(expression.FunctionElement[str]):
    """One column of many rows as one JSON array; null without rows."""

    type = sa.Text()
    name = 'json_array_agg'
    inherit_cache = True


class json_row(expression.FunctionElement[str]):
    """Alternating keys and values as one JSON object."""

    type = sa.Text()
    name = 'json_row'
    inherit_cache = True


_JSON = {
    'mysql': ('JSON_OBJECTAGG', 'JSON_ARRAYAGG', 'JSON_OBJECT'),
    'mariadb': ('JSON_OBJECTAGG', 'JSON_ARRAYAGG', 'JSON_OBJECT'),
    'postgresql': ('json_object_agg', 'json_agg', 'json_build_object'),
    'sqlite': ('json_group_object', 'json_group_array', 'json_object'),
}


def _function(position: int) -> Callable[..., str]:
    def render(element: expression.FunctionElement[str], compiler: _Compiler,
               **kw: typing.Any) -> str:
        return '%s(%s)' % (_JSON[compiler.dialect.name][position],
                           compiler.process(element.clauses, **kw))
    return render


for _position, _class in enumerate((json_object_agg, json_array_agg,
                                    json_row)):
    compiler.compiles(_class)(_function(_position))


class unindexed(expression.ColumnElement[typing.Any]):
    """A column that is not to be looked up by index.

    Most rows are live and not hidden. SQLite knows no numbers, MariaDB's are
    old at times, and both may take the index on such a flag for a good one,
    alone or beside another one. What changes rows then locks those of others.
    """

    inherit_cache = True
    _traverse_internals = [
        ('column', visitors.InternalTraversal.dp_clauseelement)]

    def __init__(self, column: sa.ColumnElement[typing.Any]) -> None:
        self.column = column
        self.type = column.type


@compiler.compiles(unindexed)
def _unindexed(element: unindexed, compiler: _Compiler,
               **kw: typing.Any) -> str:
    return compiler.process(element.column, **kw)


@compiler.compiles(unindexed, 'sqlite')
def _unindexed_sqlite(element: unindexed, compiler: _Compiler,
                      **kw: typing.Any) -> str:
    return '+' + compiler.process(element.column, **kw)


@compiler.compiles(unindexed, 'mysql')
@compiler.compiles(unindexed, 'mariadb')
def _unindexed_mysql(element: unindexed, compiler: _Compiler,
                     **kw: typing.Any) -> str:
    column = compiler.process(element.column, **kw)
    is_flag = isinstance(element.type, sa.Boolean)
    return '(%s + 0)' % column if is_flag else column


def live(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The rows of a table that are not deleted."""
    return unindexed(table.c.deleted) == sa.false()
