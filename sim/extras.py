"""Libraries that few need: the extras of the package bring them.

A module that imports one asks for it here first, so that who lacks it is told in one line.
"""

from importlib.util import find_spec

from sim.errors import ExtraError

# Module -> (the library that has it, the extra that brings it).
LIBRARIES = {
    "pptx": ("python-pptx", "deck"),
    "lxml": ("lxml", "deck"),
    "defusedxml": ("defusedxml", "check"),
    "pypdf": ("pypdf", "check"),
    "xlsxwriter": ("xlsxwriter", "excel"),
    "starlette": ("starlette", "page"),
    "uvicorn": ("uvicorn", "page"),
    "anywidget": ("anywidget", "notebook"),
}


def has(module):
    """Whether a library that few need is installed."""
    return find_spec(module) is not None


def require(what, *modules):
    """Refuse in one line what a missing library is needed for: ExtraError.

    what : such as "a PowerPoint deck"
    """
    for module in modules:
        if not has(module):
            library, extra = LIBRARIES[module]
            raise ExtraError(f"{what} needs {library}: pip install 'tiercurve[{extra}]'")
