"""Reading what people really have: a file becomes sheets, a sheet a table, a table rows with every problem named."""

from linyun.hub.exchange.reading.cells import Sheet, Unreadable, Workbook
from linyun.hub.exchange.reading.mapping import Kind
from linyun.hub.exchange.reading.rows import Problem, Row, Skipped
from linyun.hub.exchange.reading.table import Table, understand
from linyun.hub.exchange.reading.workbook import read

__all__ = ["Kind", "Problem", "Row", "Sheet", "Skipped", "Table", "Unreadable", "Workbook", "read", "understand"]
