"""Why a day is in the state that it is in: a kind that code asks about, and what it names; people read its sentence."""

from dataclasses import dataclass
from enum import Enum


class Why(Enum):
    """The kinds of reasons, each with its sentence; `{}` stands for what a reason of the kind names."""

    # why a day is missing or incomplete
    BEGUN = "a run of it began and published nothing"
    NO_RUN = "no run was recorded"
    DAMAGED = "{} is damaged"
    NO_MANIFEST = "the manifest of {} is missing or damaged"
    NOT_ITS_MANIFEST = "{} is not what its manifest says"
    OF_ANOTHER_RUN = "{} is of another run"
    MAY_LACK = "{} may lack it"
    LACKS = "{} lacks it"
    OLD_PART = "{} has an old part of {}"
    # why it is stale
    RAW_DOCUMENTS = "raw documents"
    ALL_GONE = "all raw documents are gone"  # of a day that had some
    SO_FAR = "so far"  # it was published while more documents were to come
    CAPPED = "a cap that depends on the machine struck"
    FAULTY = "documents were not read, by a fault of the machine"
    CONTRACT = "contract version {}"
    SCHEMA = "the schema of {}"  # its columns or what they mean are others now
    REMOVALS = "documents were removed, or taken back"
    INPUT = "{}"  # the settings, the rules of a stage or a partition of the window are others now
    # why it is left alone
    HELD = "held back: {}"  # until somebody decides
    RETIRED = "its texts were retired"  # it stays as it was published
    NOT_OVER = "is not over yet"
    CLOSED = "reads days whose texts were retired"  # it can't be made again
    REMOVED = "it was removed"
    # why a fresh day may be run
    READS = "reads {}"

    def of(self, *names: object) -> "Reason":
        """A reason of this kind that names these."""
        return Reason(self, tuple(map(str, names)))


@dataclass(frozen=True)
class Reason:
    """One reason, and what it names; as text it is the sentence."""

    why: Why
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.why.value.format(*self.names)
