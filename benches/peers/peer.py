"""What every peer does alike: reads its problem, keeps the time of each stage, writes draws and numbers."""

import argparse
import json
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import problem


class Peer:
    """One run of one peer, in a process of its own: `python NAME.py PROBLEM.json OUT --chains … --warmup … --draws …`."""

    def __init__(self, description):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("problem", type=Path)
        parser.add_argument("out", type=Path)
        for what in ("chains", "warmup", "draws"):
            parser.add_argument(f"--{what}", type=int, default=0)
        parser.add_argument("--variant", default="")
        parser.add_argument("--batch", type=int, default=64, help="objects at once")
        self.options = parser.parse_args()
        self.rows, self.objects, self.left_out = problem.read(self.options.problem)
        self.seconds = {}

    @contextmanager
    def stage(self, name):
        """Adds the time inside to the stage `name`: compile, warmup or sampling."""
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def share_out(self, warmup_gradients, sampling_gradients):
        """Splits the stage `both` into warm-up and sampling as their gradients are."""
        both = self.seconds.pop("both")
        share = warmup_gradients / (warmup_gradients + sampling_gradients)
        self.seconds |= {"warmup": share * both, "sampling": (1.0 - share) * both}

    def finish(self, draws, **numbers):
        """Writes the draws, (object, chain, draw, parameter), and the numbers."""
        self.options.out.mkdir(parents=True, exist_ok=True)
        np.save(self.options.out / "draws.npy", np.asarray(draws))
        numbers = {key: np.asarray(value).item() for key, value in numbers.items()}
        text = json.dumps({"seconds": self.seconds, "left_out": self.left_out, **numbers}, indent=1)
        (self.options.out / "numbers.json").write_text(text)


def starts(of, chains, seed=0):
    """One start a chain, from the Laplace approximation around the mode: (chain, coordinate)."""
    noise = np.random.default_rng(seed).standard_normal((chains, of.shape.dimension))
    return of.mode + noise @ of.factor.T


def compiled(peer, function, *arguments):
    """A jitted function compiled for these arguments, on the clock of `compile`."""
    with peer.stage("compile"):
        return function.lower(*arguments).compile()
