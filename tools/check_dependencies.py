"""Checks licences and sources of all dependencies.

    cargo metadata --format-version 1 --locked | python3 tools/check_dependencies.py

Every package must come from crates.io, and its licence must be one that a program under MIT or
Apache-2.0 may be linked with. The exit status is 1 if a package is refused. `python3 -m doctest
tools/check_dependencies.py` tests the reading of licences.
"""

import json
import re
import sys

# SPDX identifiers that are accepted.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
}
# Kind and last part of the source of a package from crates.io, as cargo writes it.
KIND, INDEX = "registry+", "/crates.io-index"


def is_allowed(expression):
    """Whether a licence expression leaves a choice that is allowed.

    >>> is_allowed("MIT OR GPL-3.0-only"), is_allowed("MIT/GPL-3.0"), is_allowed("MIT AND GPL-3.0-only")
    (True, True, False)
    >>> is_allowed("(MIT OR LGPL-3.0) AND Unicode-3.0"), is_allowed("Apache-2.0 WITH LLVM-exception")
    (True, True)
    >>> is_allowed("GPL-3.0-only"), is_allowed(None), is_allowed("")
    (False, False, False)
    """
    # An old form has a slash for OR.
    tokens = re.findall(r"[()]|[^\s()]+", (expression or "").replace("/", " OR "))
    return bool(tokens) and either(tokens)


def either(tokens):
    """Takes `A OR B …` from the tokens."""
    allowed = both(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        allowed = both(tokens) or allowed
    return allowed


def both(tokens):
    """Takes `A AND B …` from the tokens."""
    allowed = single(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        allowed = single(tokens) and allowed
    return allowed


def single(tokens):
    """Takes one licence, with its exception, or an expression in parentheses."""
    token = tokens.pop(0)
    if token == "(":
        allowed = either(tokens)
        tokens.pop(0)
        return allowed
    if tokens and tokens[0] == "WITH":
        token = " ".join([token, tokens.pop(0), tokens.pop(0)])
    return token in ALLOWED


def faults(package):
    """Says why a package is refused; its own source is the directory, which cargo calls none."""
    name, source = f"{package['name']} {package['version']}", package["source"]
    if source is not None and not (source.startswith(KIND) and source.endswith(INDEX)):
        yield f"{name}: source {source}, expected crates.io"
    if not is_allowed(package["license"]):
        yield f"{name}: licence {package['license']}, expected one of {', '.join(sorted(ALLOWED))}"


def main():
    metadata = json.load(sys.stdin)
    packages, own = metadata["packages"], set(metadata["workspace_members"])
    found = [fault for package in packages for fault in faults(package)]
    found += [
        f"{package['name']}: a path, expected crates.io"
        for package in packages
        if package["source"] is None and package["id"] not in own
    ]
    print("\n".join(found) or f"{len(packages)} packages: licences and sources are good")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
