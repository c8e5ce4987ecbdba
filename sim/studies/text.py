"""Studies as text for a terminal."""

from sim import markup
from sim.studies.catalogue import STUDIES


def listed():
    """The studies there are, and what each answers."""
    rows = [(name, module.QUESTION) for name, module in STUDIES.items()]
    return "\n".join(markup.grid(("study", "question"), rows))


def text(study):
    """What a study found and what to keep in mind."""
    p = study.provenance
    return "\n".join(
        (
            f"{study.name}: {study.question}",
            f"{p['draws']} draws x {p['luck']} luck, the same in every plan",
            "",
            *(f"- {line}" for line in study.findings),
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in study.caveats),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, evidence "
            f"{p['evidence_sha256'][:12]}",
        )
    )
