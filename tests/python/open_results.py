"""Open a result's files with the programs that users have, and compare them with each other.

Usage: python tests/python/open_results.py DIRECTORY, after
    pip install -r tests/python/requirements.txt
"""

import json
import pathlib
import sys
import warnings

import arviz as az
import numpy as np
from astropy.io import fits
from astropy.io.votable.ucd import check_ucd
from astropy.table import Table, join

GROUPS = ["posterior", "posterior_predictive", "sample_stats", "prior", "observed_data", "constant_data"]
TEXTS = ["object", "method", "mode_weights", "is_shift_of", "status", "flags", "decisions", "reason"]


def check(holds, what):
    """Stops with `what` unless it holds."""
    if not holds:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}")


def check_table(out):
    """results.csv and results.fits by astropy: the same columns and values; units, UCDs and provenance that it understands."""
    manifest = json.loads((out / "manifest.json").read_text())
    kept = [column["name"] for column in manifest["kept"]]
    texts = TEXTS + kept
    csv = Table.read(out / "results.csv", format="ascii.csv", converters={name: str for name in texts}, fill_values=[])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = Table.read(out / "results.fits", hdu=1, mask_invalid=False)
        with fits.open(out / "results.fits", checksum=True) as file:
            file.verify("exception")
            header = file[1].header
    table.convert_bytestring_to_unicode()
    check(table.colnames == csv.colnames, f"{len(table.colnames)} columns of results.fits are those of results.csv")
    check(len(table) == len(csv), f"{len(table)} rows")
    for name in table.colnames:
        if name in kept:
            continue
        if name in TEXTS:
            same = [a == b or not b.isascii() for a, b in zip(table[name], csv[name])]
            assert all(same), name
        else:
            np.testing.assert_array_equal(np.asarray(table[name], float), np.asarray(csv[name], float), err_msg=name)
    check(True, "values of results.fits equal those of results.csv")
    check(all(len(card.image) == 80 for card in header.cards), "each card of the header has 80 characters")
    check(len({name.lower() for name in table.colnames}) == len(table.colnames), "no two columns have the same name without case")
    check(str(table["T_high_p50"].unit) == "K", "T_high_p50 is in K")
    ucds = [header[key] for key in header if key.startswith("TUCD")]
    check(ucds and all(check_ucd(ucd, check_controlled_vocabulary=True) for ucd in ucds), f"{len(ucds)} valid UCDs")
    check(header["SEED"] == manifest["seed"], "the seed is in the header")
    check(header["CONFSHA"] == manifest["configuration"]["sha256"], "the configuration's hash is in the header")
    check_kept(table, csv, manifest)
    return csv, manifest


def check_kept(table, csv, manifest):
    """Columns of the catalogue: in results.fits the values of results.csv, by the kind and unit that the manifest says; integers join."""
    for column in manifest["kept"]:
        name, kind = column["name"], column["kind"]
        values, texts = np.ma.asarray(table[name]), np.asarray(csv[name], str)
        given = texts != ""
        if kind == "text":
            same = [a == b or not b.isascii() for a, b in zip(values.filled(""), texts)]
            assert values.dtype.kind == "U" and all(same), name
            continue
        assert values.dtype.newbyteorder("=") == {"integer": np.int64, "number": np.float64}[kind], name
        numbers = [(int if kind == "integer" else float)(text) for text in texts[given]]
        np.testing.assert_array_equal(values[given].filled(0), numbers, err_msg=name)
        if column["unit"]:
            assert str(table[name].unit) == column["unit"], name
        if kind == "integer":
            assert np.array_equal(np.ma.getmaskarray(values), ~given), name
            other = Table({name: np.array(numbers, np.int64), "place": np.flatnonzero(given)})
            found = join(table["object", name][given], other, keys=name)
            assert sorted(found["object"]) == sorted(table["object"][given]), name
    check(True, f"{len(manifest['kept'])} columns of the catalogue are kept with their kinds, and integers join")


def check_arrays(out, csv, manifest):
    """draws.npy and derived.npy by numpy: their statistics are those of results.csv."""
    draws, derived = np.load(out / "draws.npy"), np.load(out / "derived.npy")
    coordinates = manifest["draws"]["coords"]
    if manifest["draws"]["every"] != 1:
        return
    named = [(name, draws[..., i]) for i, name in enumerate(coordinates["parameter"])]
    named += [(name, derived[..., i]) for i, name in enumerate(coordinates["quantity"])]
    # Of an object with several looks every second draw or fewer are kept; its columns are of all.
    whole = np.asarray(csv["n_looks"], float) == 1
    compared = 0
    for name, values in named:
        medians = np.median(values.reshape(len(csv), -1).astype(float), axis=1)
        expected = np.asarray(csv[f"{name}_p50"], float)
        known = np.isfinite(expected) & whole
        np.testing.assert_allclose(medians[known], expected[known], rtol=1e-6, err_msg=name)
        compared += known.sum()
    check(compared, f"{compared} medians of draws.npy and derived.npy equal those of results.csv")


def check_posterior(out, csv, manifest):
    """posterior.nc by ArviZ: groups, dimensions and lines, and az.summary beside results.csv."""
    data = az.from_netcdf(out / "posterior.nc")
    found = {name.strip("/") for name in data.groups()} if callable(data.groups) else {name.strip("/") for name in data.groups}
    check(set(GROUPS) <= found, f"posterior.nc has the groups {', '.join(GROUPS)}")
    posterior, stats = data["posterior"], data["sample_stats"]
    check(dict(posterior.sizes) == dict(stats.sizes), f"posterior and sample_stats have {dict(posterior.sizes)}")
    check(stats["diverging"].dtype == bool, "diverging is a truth value")
    lines = data["observed_data"]["flux"].coords["line"].values
    check({str(line) for line in lines} <= set(manifest["lines"]), f"{len(lines)} lines in LiMe's notation")
    predictive = data["posterior_predictive"]["flux"]
    check(predictive.dims == ("chain", "draw", "line") and np.isfinite(predictive).all(), "posterior_predictive is whole")
    pulls = (data["observed_data"]["flux"] - predictive.mean(("chain", "draw"))) / data["constant_data"]["sigma"]
    print(f"    largest pull of the predictive mean: {float(np.abs(pulls).max()):.2f}")
    row = csv[[str(data.attrs["object"]) == name for name in csv["object"]]][0]
    # Summarised beside n_e, of which it is a function.
    data["posterior"]["log_ne"] = np.log10(data["posterior"]["n_e"])
    summary = az.summary(data, round_to="none") if az.__version__.startswith("0.") else az.summary(data, round_to="none", fmt="wide")
    whole = float(row["n_looks"]) == 1
    for name in summary.index:
        mean, sd = float(row[f"{name}_mean"]), float(row[f"{name}_sd"])
        error = 1e-6 if whole else 6 * float(summary.loc[name, "mcse_mean"]) / sd
        assert abs(float(summary.loc[name, "mean"]) - mean) <= max(error * sd, 1e-8 * abs(mean)), name
        if whole:
            np.testing.assert_allclose(float(summary.loc[name, "sd"]), sd, rtol=1e-6, atol=1e-12, err_msg=name)
    check(len(summary) > 10, f"az.summary of {len(summary)} variables has the means and sds of results.csv")
    hats = summary["r_hat"].astype(float)
    if whole:
        check(abs(hats.max() - float(row["rhat_max"])) < 1e-6, f"its largest R-hat is rhat_max, {hats.max():.5f}")


def main():
    out = pathlib.Path(sys.argv[1])
    csv, manifest = check_table(out)
    check_arrays(out, csv, manifest)
    if (out / "posterior.nc").exists():
        check_posterior(out, csv, manifest)


if __name__ == "__main__":
    main()
