"""Exports of trackers: read into a record that says how it was read."""

from sim.exports.reading import read
from sim.exports.record import TicketRecord

__all__ = ["TicketRecord", "read"]
