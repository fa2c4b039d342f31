"""Sagas: stories that carry on one matter. A story is put into one when it begins, and stays there.

A story continues the saga of the closed story that it carries on, else that of the nearest earlier story that shares an actor with it: one
that is open, or one that began on the same day and comes first. Else it begins a saga, under its own id. Two sagas are never made one.
"""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, Integers, distinct, find, texts
from pipeline.model.kinds import Kind
from pipeline.stories.field import Field
from pipeline.stories.join import Pairs
from pipeline.stories.similarity import DECIMALS, FADE

NEAR = 0.5  # of the threshold for reports of one event


def precursors(pairs: Pairs, group_of: Integers, everything: Field, threshold: float) -> Integers:
    """For each story and article, the number of the nearest earlier group that shares an actor with its group; -1 where there is none.

    `pairs` were compared; `group_of` names each group by its lowest number. Silence counts only beyond one
    window: a matter goes on for weeks.
    """
    found = np.full(len(group_of), -1)
    near = _apart(pairs, group_of, everything, NEAR * threshold)
    one, other = group_of[near.one], group_of[near.other]
    later, earlier = np.maximum(one, other), np.minimum(one, other)
    order = np.lexsort((earlier, -near.scores, later))
    later, first = np.unique(later[order], return_index=True)
    found[later] = earlier[order][first]
    return found[group_of]


def _apart(pairs: Pairs, group_of: Integers, everything: Field, least: float) -> Pairs:
    """The pairs of two groups of which one is new, that are near without one window of silence, and share an actor."""
    one, other = group_of[pairs.one], group_of[pairs.other]
    faded = math.exp(-1 / FADE)  # after a whole window, which costs no pair its place
    may_be = (
        (one != other) & (np.maximum(one, other) >= everything.n_stories) & (pairs.scores >= least * faded)
    )
    apart = pairs.where(may_be)
    likeness = np.round(everything.likeness(apart.one, apart.other), DECIMALS)
    near = Pairs(apart.one, apart.other, likeness).where(likeness >= least)
    return near.where(everything.share_actors(near.one, near.other))


def sagas_of(placed: pa.Table, precursor: Array, memberships: pa.Table) -> Array:
    """The saga of each row's story. Rows of `placed` (IN_STORY) stand in time order; `precursor` names an earlier story, or is null.

    `memberships` says which saga the stories of earlier days are in; one of which it says nothing is its own.
    """
    columns = [placed["story_id"].combine_chunks(), placed["continues_id"].combine_chunks(), precursor]
    named = distinct(pa.concat_arrays(columns).drop_null())
    known = memberships["saga_id"].combine_chunks().take(find(named, memberships["story_id"]))
    saga_of = dict(zip(texts(named), texts(pc.coalesce(known, named)), strict=True))
    rows = zip(
        texts(columns[0]), placed["kind"].to_pylist(), *(c.to_pylist() for c in columns[1:]), strict=True
    )
    for story, kind, continued, earlier in rows:
        if kind == Kind.ORIGIN:
            saga_of[story] = saga_of[continued or earlier or story]
    return pa.array([saga_of[story] for story in texts(columns[0])], pa.string())
