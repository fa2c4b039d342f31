"""Read what newsfold publishes, with pyarrow alone.

>>> import newsfold_read as read
>>> stories = read.table("stories", "warehouse", columns=["story_id", "title", "n_outlets"])
>>> stories.column_names
['story_id', 'title', 'n_outlets', 'day']

`warehouse` is a folder, or `s3://bucket/prefix` (with the extra `s3`; keys come from where every AWS tool takes them). A day is one
file that is replaced at once, so that a read sees the old day or the new one, never a mixture.
"""

from .changes import Changes, Moved, changes
from .errors import CursorError, LaterContractError, MissingError
from .tables import retrying, table
from .views import VIEWS, sql, view

__all__ = [
    "VIEWS",
    "Changes",
    "CursorError",
    "LaterContractError",
    "MissingError",
    "Moved",
    "changes",
    "retrying",
    "sql",
    "table",
    "view",
]
