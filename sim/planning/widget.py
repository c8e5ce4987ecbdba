"""The cell of a notebook that a planning page lives in: the door to anywidget."""

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from sim.planning.bundle import bundle, style

if TYPE_CHECKING:
    from sim.planning.notebook import Planner


class Cell(anywidget.AnyWidget):
    """The page's modules and style sheet, and messages between them and the kernel.

    page : Planner, which answers
    """

    _esm = bundle("widget")
    style = traitlets.Unicode().tag(sync=True)

    def __init__(self, page: "Planner") -> None:
        super().__init__(style=style())
        self.page = page
        self.on_msg(self._answer)

    def _answer(self, _: Any, message: Any, __: Any) -> None:
        self.send(self.page.reply(message))


def cell_of(page: "Planner") -> Cell:
    """The cell of a page."""
    return Cell(page)
