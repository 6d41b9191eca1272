"""Other atomic data than PyNeb's defaults, an ion at a time: each makes a set of that ion's lines.

Only data are named here that their authors published for nebular use and that PyNeb 1.1.32 holds whole.
"""

from dataclasses import dataclass, replace

from line_list import Line
from surfaces import Source, collisional, helium, recombination

# A line of another He I table lies this close to its place in the list [angstrom, vacuum].
SAME_LINE = 0.1


@dataclass(frozen=True)
class Alternative:
    """One ion's data: PyNeb's names of the files, those not named being PyNeb's defaults."""

    ion: str
    files: tuple[str, ...]
    description: str


ALTERNATIVES = {
    "O3-AK99": Alternative(
        "O3",
        ("o_iii_atom_FFT04-SZ00.dat", "o_iii_coll_AK99.dat"),
        "O III with the collision strengths of Aggarwal & Keenan 1999 in place of Storey, Sochi & Badnell 2014",
    ),
    "S2-TZ10": Alternative(
        "S2",
        ("s_ii_atom_TZ10-IFF05.dat", "s_ii_coll_TZ10.dat"),
        "S II with the A values of Tayal & Zatsarinny 2010 in place of Rynkun, Gaigalas & Jonsson 2019",
    ),
    "S3-GRHK14": Alternative(
        "S3",
        ("s_iii_atom_FFTI06.dat", "s_iii_coll_GRHK14.dat"),
        "S III with the collision strengths of Grieve et al. 2014 in place of Tayal & Gupta 1999",
    ),
    "He1-DZS22": Alternative(
        "He1",
        ("he_i_rec_DZS22.hdf5",),
        "He I of Del Zanna & Storey 2022 in place of Porter et al. 2012, 2013",
    ),
}


def source_of(alternative: Alternative) -> Source:
    """The data as surfaces."""
    if alternative.ion == "He1":
        return recombination("He1", helium, *alternative.files)
    return collisional(alternative.ion, *alternative.files)[0]


def lines_of(alternative: Alternative, source: Source, lines: list[Line]) -> list[Line]:
    """The ion's lines, under the names that the source has for them."""
    own = [line for line in lines if line.ion == alternative.ion]
    if alternative.ion != "He1":
        return own
    return [replace(line, transition=nearest(line, source.keys)) for line in own]


def nearest(line: Line, keys: list[str]) -> str:
    """The key, a vacuum wavelength, of a He I line."""
    key = min(keys, key=lambda key: abs(float(key) - line.vacuum))
    if abs(float(key) - line.vacuum) > SAME_LINE:
        raise ValueError(f"{line.label}: no line near {line.vacuum} in the table")
    return key
