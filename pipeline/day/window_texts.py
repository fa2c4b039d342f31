"""Articles of the window with their texts, which several stages ask for.

A day's texts are one column, which is read as a whole for however few of them. So the first stage names what later ones will need, too.
"""

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, is_in, n_true
from pipeline.model.internal_tables import COMPARED, TAKEN
from pipeline.model.tables import ARTICLES
from pipeline.store import spill
from pipeline.store.view import View

OF_SOURCE = ("outlet", "canonical_url", "agency")  # what the name of an outlet and its agency are told by
_COLUMNS = [n for n in ARTICLES.names if n in {"article_id", *COMPARED.names, *TAKEN.names, *OF_SOURCE}]


@dataclass
class WindowTexts:
    """What was read of each day; it stands on mapped files."""

    _kept: dict[date, pa.Table] = field(default_factory=dict)

    def read(
        self, view: View, day: date, columns: list[str], ids: Array, later: Array | None = None
    ) -> pa.Table:
        """Columns of a day's articles by their ids, of those that are there. With `later`, these are read too and kept for later stages.

        Raises InputChangedError as `View.read` does.
        """
        if later is not None and day not in self._kept:
            every = pa.concat_arrays([ids, later]).unique()
            found = view.read(ARTICLES, day, _COLUMNS, pc.field("article_id").isin(every))
            self._kept[day] = spill.shelve(found.combine_chunks())
        if day in self._kept:
            kept, is_asked = self._kept[day].select(columns), is_in(self._kept[day]["article_id"], ids)
            if n_true(is_asked) == len(ids):
                return kept if len(ids) == kept.num_rows else kept.filter(is_asked)
        return view.read(ARTICLES, day, columns, pc.field("article_id").isin(ids))
