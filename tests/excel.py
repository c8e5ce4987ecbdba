"""No tests: the cells of a workbook, read from its XML."""

import zipfile
from xml.etree import ElementTree

SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(path):
    """Name of each sheet -> its rows; a cell is its text or number, and whether it is a formula."""
    with zipfile.ZipFile(path) as file:
        shared = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        texts = ["".join(node.itertext()) for node in shared.findall("x:si", SPACE)]
        book = ElementTree.fromstring(file.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in book.iter(f"{{{SPACE['x']}}}sheet")]
        found = {}
        for place, name in enumerate(names, 1):
            tree = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{place}.xml"))
            assert not list(tree.iter(f"{{{SPACE['x']}}}f")), "a formula"
            assert not list(tree.iter(f"{{{SPACE['x']}}}hyperlink"))
            found[name] = [
                {cell.get("r"): _value(cell, texts) for cell in row}
                for row in tree.iter(f"{{{SPACE['x']}}}row")
            ]
    return found


def _value(cell, texts):
    value = cell.find("x:v", SPACE)
    if value is None:
        return None
    return texts[int(value.text)] if cell.get("t") == "s" else float(value.text)


def column(rows, name):
    """Cells of a column below its heading."""
    (place,) = (key.rstrip("1") for key, value in rows[0].items() if value == name)
    return [row.get(f"{place}{at}") for at, row in enumerate(rows[1:], 2)]


def formats(path, sheet):
    """Number format of each cell of a sheet: "B2" -> "0.0%"."""
    with zipfile.ZipFile(path) as file:
        styles = ElementTree.fromstring(file.read("xl/styles.xml"))
        codes = {
            f.get("numFmtId"): f.get("formatCode") for f in styles.iter(f"{{{SPACE['x']}}}numFmt")
        }
        used = [xf.get("numFmtId") for xf in styles.find("x:cellXfs", SPACE)]
        tree = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{sheet}.xml"))
        return {
            cell.get("r"): codes.get(used[int(cell.get("s", 0))], "")
            for cell in tree.iter(f"{{{SPACE['x']}}}c")
        }
