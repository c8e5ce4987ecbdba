"""The page's modules as one, for a notebook and a deck, which have no server to load them from.

Each module becomes a function that returns what it exports, in the order in which they import one
another. Only what the page's modules use is known: named imports from "./", exports of
declarations, and one default; anything else is refused.
"""

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (.*);$", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)


@cache
def bundle(entry: str) -> str:
    """One ES module that exports what a module of the page does.

    entry : such as "widget"; its default export is that of the bundle

    Raises ValueError where a module is written as this does not know.
    """
    parts: dict[str, str] = {}
    _put(entry, parts, ())
    names = _names(_source(entry))
    default = f"export default ${entry}.default;\n" if "default" in names else ""
    named = ", ".join(name for name in names if name != "default")
    return "".join(parts.values()) + f"export const {{ {named} }} = ${entry};\n{default}"


def style() -> str:
    """The page's style sheet."""
    return files(__package__).joinpath("page", "planner.css").read_text(encoding="utf-8")


def _source(module: str) -> str:
    return files(__package__).joinpath("page", f"{module}.js").read_text(encoding="utf-8")


def _names(source: str) -> list[str]:
    """What a module exports, by name."""
    names = [match[2] for match in _EXPORT.finditer(source)]
    return names + (["default"] if _DEFAULT.search(source) else [])


def _put(module: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Put a module behind those that it imports."""
    if module in above:
        raise ValueError(f"{module}.js: imports itself by way of {', '.join(above)}")
    source = _source(module)
    for match in _IMPORT.finditer(source):
        if match[2] not in parts:
            _put(match[2], parts, (*above, module))
    parts[module] = _function(module, source)


def _function(module: str, source: str) -> str:
    """A module as a function that is called once."""
    names = _names(source)
    body = _IMPORT.sub(lambda match: f"const {{{match[1]}}} = ${match[2]};", source)
    body = _EXPORT.sub(r"\1 \2", body)
    body = _DEFAULT.sub(r"const default_ = \1;", body)
    if other := _OTHER.search(body):
        raise ValueError(f"{module}.js: {other[0]}: no import or export that the bundle knows")
    given = ", ".join("default: default_" if name == "default" else name for name in names)
    return f"const ${module} = (() => {{\n{body.rstrip()}\nreturn {{ {given} }};\n}})();\n"
