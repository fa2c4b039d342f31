"""The exceptions that stop a run. A bad page is never one of them: it is a row of `rejects`.

NewsfoldError
├── SettingsError       a setting has a value that cannot be used
├── ContractError       a table does not have the columns, types or keys that its contract states
├── ConservationError   rows were lost or made up on the way
├── StageError          a stage raised on most documents: the stage is at fault, not the documents
├── LexiconError        a file of words has an unknown key, or a word twice
├── MissingInputError   a landing zone, a day or a table that was asked for is not there
│   ├── InputChangedError   what was being read was replaced meanwhile
│   ├── CursorError         the feed of changes does not tell what came after a number: load everything
│   └── DamagedError        what stands there can't be read, and never will: it counts as missing
├── HeldError           a day is unusual or would remove much: it waits until somebody decides
└── PublishError        a partition could not be replaced
    └── OvertakenError  … because somebody else replaced it first
"""

from pipeline.newsfold_read.errors import CursorError as ReadersCursorError
from pipeline.newsfold_read.errors import MissingError


class NewsfoldError(Exception):
    """Something that a run cannot go on with. The message names the table, the day and the path."""


class SettingsError(NewsfoldError): ...


class ContractError(NewsfoldError): ...


class ConservationError(NewsfoldError): ...


class StageError(NewsfoldError): ...


class LexiconError(NewsfoldError): ...


class MissingInputError(NewsfoldError, MissingError): ...


class HeldError(NewsfoldError): ...


class PublishError(NewsfoldError): ...


class OvertakenError(PublishError): ...


class DamagedError(MissingInputError):
    """A file of the warehouse is cut short, has other bytes than it was written with, or is no file. Making it again mends it."""


class InputChangedError(MissingInputError):
    """What was there when a run began was replaced while the run read it; the run has to begin again."""


class CursorError(MissingInputError, ReadersCursorError):
    """The feed of changes does not tell what came after a number: load everything."""
