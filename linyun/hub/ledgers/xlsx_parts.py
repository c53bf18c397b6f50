"""The parts of a workbook that do not depend on its rows (ECMA-376, SpreadsheetML): styles, relations, properties."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SHEET_NAME_LIMIT = 31
TEXT_LIMIT = 32_767
"""The longest text a cell can hold."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def xml_text(text: str, keep: str = "") -> str:
    """A text as element content: markup escaped, what XML forbids dropped (but ``keep``), ``_x0041_`` disarmed."""
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub(lambda found: found[0] if found[0] == keep else "", text)
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "")


class Style(IntEnum):
    """Cell formats, by their place in the style sheet."""

    PLAIN = 0
    TITLE = 1
    LEFT_LINE = 2
    MIDDLE_LINE = 3
    RIGHT_LINE = 4
    HEAD = 5
    TEXT = 6
    CENTRE = 7
    CODE = 8
    NUMBER = 9
    DATE = 10
    NOTE = 11
    LINK = 12
    TEXT_QUOTED = 13
    CENTRE_QUOTED = 14
    CODE_QUOTED = 15


QUOTED = {
    Style.TEXT: Style.TEXT_QUOTED,
    Style.CENTRE: Style.CENTRE_QUOTED,
    Style.CODE: Style.CODE_QUOTED,
}
"""The twin of a format with Excel's quote prefix: the text stays a text even after somebody edits the cell."""

_FONTS = (
    '<font><sz val="10.5"/><name val="宋体"/><family val="3"/><charset val="134"/></font>',
    '<font><b/><sz val="18"/><name val="宋体"/><family val="3"/><charset val="134"/></font>',
    '<font><b/><sz val="10.5"/><name val="宋体"/><family val="3"/><charset val="134"/></font>',
    '<font><u/><sz val="10.5"/><color rgb="FF0B5A72"/><name val="宋体"/><family val="3"/><charset val="134"/></font>',
)
_FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/><bgColor indexed="64"/></patternFill></fill>',
)
_SIDE = '<{0} style="thin"><color auto="1"/></{0}>'
_BORDERS = (
    "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "<border>" + "".join(_SIDE.format(s) for s in ("left", "right", "top", "bottom")) + "<diagonal/></border>",
)
_DATE_FORMAT = 164
_TEXT_FORMAT = 49


def _xf(align: str, font: int = 0, fill: int = 0, border: int = 1, form: int = 0, quote: bool = False) -> str:
    wrap = "" if align == "right" else ' wrapText="1"'
    flags = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyNumberFormat="1"'
    prefix = ' quotePrefix="1"' if quote else ""
    return (
        f'<xf numFmtId="{form}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"{prefix} {flags}>'
        f'<alignment horizontal="{align}" vertical="center"{wrap}/></xf>'
    )


_FORMATS: dict[Style, str] = {
    Style.PLAIN: '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    Style.TITLE: _xf("center", font=1, border=0),
    Style.LEFT_LINE: _xf("left", border=0),
    Style.MIDDLE_LINE: _xf("center", border=0),
    Style.RIGHT_LINE: _xf("right", border=0),
    Style.HEAD: _xf("center", font=2, fill=2),
    Style.TEXT: _xf("left"),
    Style.CENTRE: _xf("center"),
    Style.CODE: _xf("center", form=_TEXT_FORMAT),
    Style.NUMBER: _xf("right"),
    Style.DATE: _xf("center", form=_DATE_FORMAT),
    Style.NOTE: _xf("left", border=0),
    Style.LINK: _xf("left", font=3),
    Style.TEXT_QUOTED: _xf("left", quote=True),
    Style.CENTRE_QUOTED: _xf("center", quote=True),
    Style.CODE_QUOTED: _xf("center", form=_TEXT_FORMAT, quote=True),
}


def _listed(tag: str, entries: Sequence[str]) -> str:
    return f'<{tag} count="{len(entries)}">{"".join(entries)}</{tag}>'


def styles() -> str:
    """xl/styles.xml: the official look in 宋体 with thin borders."""
    return (
        f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="{_DATE_FORMAT}" '
        'formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        + _listed("fonts", _FONTS)
        + _listed("fills", _FILLS)
        + _listed("borders", _BORDERS)
        + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        + _listed("cellXfs", [_FORMATS[s] for s in Style])
        + '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def content_types(sheets: int) -> str:
    """[Content_Types].xml."""
    overrides = [
        ("/xl/workbook.xml", f"{OFFICE}.sheet.main+xml"),
        ("/xl/styles.xml", f"{OFFICE}.styles+xml"),
        ("/xl/sharedStrings.xml", f"{OFFICE}.sharedStrings+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        *((f"/xl/worksheets/sheet{n}.xml", f"{OFFICE}.worksheet+xml") for n in range(1, sheets + 1)),
    ]
    listed = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides)
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(entries: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(entries, 1)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def package_relations() -> str:
    """_rels/.rels."""
    core = f"{PACKAGE}/relationships/metadata/core-properties"
    return _relations([(f"{REL}/officeDocument", "xl/workbook.xml"), (core, "docProps/core.xml")])


def workbook_relations(sheets: int) -> str:
    """xl/_rels/workbook.xml.rels: the sheets come first, so that sheet n has the id rId<n>."""
    entries = [(f"{REL}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    return _relations([*entries, (f"{REL}/styles", "styles.xml"), (f"{REL}/sharedStrings", "sharedStrings.xml")])


def quoted(name: str) -> str:
    """A sheet's name as references write it."""
    return "'" + name.replace("'", "''") + "'"


def workbook(names: Sequence[str], heads: Sequence[tuple[int, int]]) -> str:
    """xl/workbook.xml. ``heads``: first and last row, from 1, that each sheet repeats on every printed page."""
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{xml_text(quoted(name))}!${a}:${b}</definedName>'
        for n, (name, (a, b)) in enumerate(zip(names, heads, strict=True))
    )
    return (
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><bookViews><workbookView xWindow="0" yWindow="0" '
        f'windowWidth="24000" windowHeight="12000"/></bookViews><sheets>{sheets}</sheets>'
        f"<definedNames>{titles}</definedNames></workbook>"
    )


def core_properties(creator: str, made_at: datetime, description: str) -> str:
    """docProps/core.xml: who made it and when; ``description`` may carry the digest of a closed ledger."""
    stamp = made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:creator>{xml_text(creator)}</dc:creator><dc:description>{xml_text(description)}</dc:description>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created></cp:coreProperties>'
    )


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Legal and unique names for sheets: at most 31 characters, none of []:*?/\\, no apostrophe at the ends."""
    names: list[str] = []
    taken: set[str] = set()
    for title in titles:
        clean = "".join(" " if c in "[]:*?/\\" or ord(c) < 32 else c for c in title).strip(" '") or "台账"
        name, serial = clean[:SHEET_NAME_LIMIT], 1
        while name.lower() in taken:
            serial += 1
            mark = f"({serial})"
            name = clean[: SHEET_NAME_LIMIT - len(mark)] + mark
        taken.add(name.lower())
        names.append(name)
    return names
