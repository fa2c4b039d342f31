"""Compiled loops: arrays in, arrays out."""

from pipeline.model.own_process import load_numba

load_numba()  # before numba is imported in any other way
