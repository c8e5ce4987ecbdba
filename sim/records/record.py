"""What every record of an experiment has: claims, a run record, a notebook cell, and text."""

from dataclasses import replace

from sim.errors import ClaimError, RecordError

MOST_DRIVERS = 3  # factors named beside a claim


class Record:
    """Base of the records.

    A record states `_cell()`, HTML that stands alone, and `text()`, lines for a terminal; most
    state `claims()` and `run_record()` too. `repr` stays one line; `print` gives the text.
    """

    claims_may_be_cut = True  # where its run record is too large to travel in a file

    def claims(self):
        """Every number that can be quoted of it: tuple of Claim. Raises ClaimError if none can."""
        raise ClaimError(f"no claims are made of a {type(self).__name__}")

    def run_record(self, metric=None):
        """The RunRecord that makes it again; raises RecordError, one line, where none can.

        metric : which metric it is wanted for, where a record holds only one
        """
        raise RecordError(f"no run record is made of a {type(self).__name__}")

    def text(self) -> str:
        """The record as lines for a terminal."""
        raise NotImplementedError

    def _cell(self) -> str:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self._cell()

    def __str__(self) -> str:
        return self.text()


def claims(record, sensitivity=None):
    """Every number that can be quoted of a Result, Comparison, Decision or Sensitivity.

    Parameters
    ----------
    record : Result, Comparison, Decision or Sensitivity
    sensitivity : Sensitivity, optional
        An analysis of one of the record's plans: what carries the expectation of a metric it
        analysed, of that plan, is then said from it and no longer ranked by the run's own draws.

    Returns
    -------
    tuple of Claim

    Raises
    ------
    ClaimError
        One line, for other records.
    """
    if not hasattr(record, "claims"):
        raise ClaimError(f"no claims are made of a {type(record).__name__}")
    own = record.claims()
    return own if sensitivity is None else tuple(_weighed(claim, sensitivity) for claim in own)


def _weighed(claim, analysis):
    """A claim with what carries it from an analysis, if it is of that number."""
    metric, what, *_ = claim.id.split("/")
    same = list(claim.scenarios.values()) == [analysis.scenario.sha256]
    if what != "mean" or not same or metric not in analysis.metrics:
        return claim
    table = analysis.indices[analysis.indices["metric"] == metric].dropna(subset=["ST"])
    table = table[table["ST"] > table["floor"]].sort_values("ST", ascending=False, kind="stable")
    rows = tuple(
        {"parameter": row.factor, "share": round(min(row.ST, 1.0), 3), "rests_on": row.group}
        for row in table.head(MOST_DRIVERS).itertuples()
    )
    how = (
        f"total shares of the variance of the expectation, a sensitivity analysis of "
        f"{analysis.blocks:,} blocks x {analysis.moments.luck} luck"
    )
    return replace(claim, carried_by=rows, carried_how=how)
