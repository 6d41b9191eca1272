"""Write tests/fixtures/extinction_pyneb.csv: f(lambda) of the reddening laws as PyNeb 1.1.32 has them.

PyNeb offers no law for the SMC, but carries the curve of Gordon et al. 2003; it is interpolated here as PyNeb
interpolates the LMC's.
"""
import pathlib

import numpy as np
import pyneb as pn

HBETA = 4861.33
WAVELENGTHS = [1500, 2500, *range(3500, 11001, 250), 20000]
LAWS = [("CCM89", "CCM89", rv) for rv in (2.5, 3.1, 5.5)]
LAWS += [("O94", "CCM89 oD94", rv) for rv in (2.5, 3.1, 5.5)]
LAWS += [("F99", "F99", rv) for rv in (2.5, 3.1, 5.5)]
LAWS += [("Cal00", "Cal00", rv) for rv in (3.7, 4.05, 5.0)]
LAWS += [("G03-LMC", "G03 LMC", 3.41), ("G03-SMC", None, 2.74)]


def extinction(law, rv, wavelength):
    """X(lambda) up to a factor."""
    wavelength = np.array(wavelength, float)
    if law is None:
        table = np.loadtxt(pathlib.Path(pn.__file__).parent / "extinction" / "SMC_Gordon.txt")
        return np.interp(1e4 / wavelength, table[:, 0], table[:, 1])
    red = pn.RedCorr(E_BV=1.0, R_V=rv, law=law)
    return 2.5 * np.log10(red.getCorr(wavelength))


def main():
    out = pathlib.Path(__file__).parent.parent / "tests" / "fixtures" / "extinction_pyneb.csv"
    with out.open("w") as file:
        file.write(f"# f(lambda) = X(lambda)/X({HBETA}) - 1, PyNeb {pn.__version__}; G03-SMC from PyNeb's copy of the table\n")
        file.write("# Made by tools/make_extinction_fixture.py\nlaw,rv,wavelength,f_lambda\n")
        for name, law, rv in LAWS:
            f = extinction(law, rv, WAVELENGTHS) / extinction(law, rv, [HBETA]) - 1
            for wavelength, value in zip(WAVELENGTHS, f):
                file.write(f"{name},{rv},{wavelength},{value:.9f}\n")


if __name__ == "__main__":
    main()
