"""Many draws, in chunks: each with a seed of its own and written as it is done, so that a run can be interrupted."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from games import files
from games.arguments import checked
from games.errors import ConvergenceError, MethodError, OutputError, did_you_mean
from games.normal_form import Profile
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from solvers.base.deadline import Deadline
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.uncertainty._backends import Backend, each
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._manifest import FORMAT, belongs, claim, fingerprint, labels, mark, read_manifest
from solvers.uncertainty._mixed import Mixed
from solvers.uncertainty._names import ProfileLike, map_words, named_profiles
from solvers.uncertainty._shares import Share, share

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Run", "open_run", "run"]


@dataclass(frozen=True)
class _Chunks:
    """What a worker needs to compute any chunk."""

    model: SpheresModel
    map: MapLike
    regimes: Mapping[str, Profile]
    observed: Mapping[str, Profile]
    draws: int
    size: int
    seed: int
    mixed: Mixed
    autonomy: bool
    sampling: Mapping[str, Any]
    mark: str = ""
    ends: float | None = None

    @property
    def count(self) -> int:
        return -(-self.draws // self.size)

    def rows(self, k: int) -> int:
        return min(self.size, self.draws - k * self.size)

    def sample(self, k: int) -> Draws:
        """Draws of chunk k, whatever happens to the others."""
        seed = int(np.random.SeedSequence(self.seed, spawn_key=(k,)).generate_state(1)[0])
        return self.model.draws(self.rows(k), seed=seed, **self.sampling)

    def __call__(self, k: int) -> bytes | None:
        """Chunk k as the bytes of a Parquet file; None where the time was over before it was done."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        # Workers have no deadline in common, but a clock.
        left = None if self.ends is None else self.ends - time.time()
        if left is not None and left <= 0:
            return None
        try:
            found = evaluate(
                self.model,
                self.sample(k),
                self.map,
                self.regimes,
                observed=self.observed,
                mixed=self.mixed,
                autonomy=self.autonomy,
                time_limit=left,
            )
        except ConvergenceError:
            if left is None:
                raise
            return None
        frame = found.to_frame()
        frame.insert(0, "draw", np.arange(k * self.size, k * self.size + len(frame)))
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(
            labels(self.mark, k)
        )
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        return buffer.getvalue()


@dataclass(frozen=True, eq=False, repr=False)
class Run(Result):
    """A folder of chunks, complete or not.

    Attributes
    ----------
    folder : Path
    manifest : what was run: format, version, scenario, fingerprint of its numbers, seed, draws, chunk, map, regimes, options
    """

    folder: Path
    manifest: Mapping[str, Any]

    @cached_property
    def done(self) -> tuple[int, ...]:
        """Numbers of the chunks that are there and whole. Raises OutputError for a file that this run did not write."""
        m = self.manifest
        count, own = -(-m["draws"] // m["chunk"]), mark(m)
        numbers = sorted(
            int(name)
            for name in (p.stem.removeprefix("chunk-") for p in self.folder.glob("chunk-*.parquet"))
            if name.isdecimal()
        )
        return tuple(
            k
            for k in numbers
            if k < count
            and _whole(_path(self.folder, k), min(m["chunk"], m["draws"] - k * m["chunk"]), own, k)
        )

    @property
    def complete(self) -> bool:
        """Are all chunks there?"""
        return bool(self.draws == self.manifest["draws"])

    @property
    def draws(self) -> int:
        """Number of draws that are there."""
        m = self.manifest
        return sum(min(m["chunk"], m["draws"] - k * m["chunk"]) for k in self.done)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The chunks one by one, as tables with all columns or some. Raises OutputError for one that is damaged."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for k in self.done:
            path = _path(self.folder, k)
            try:
                if columns is not None:
                    known = pq.read_schema(path).names
                    for name in columns:
                        if name not in known:
                            raise MethodError(f"there is no column {name!r}{did_you_mean(name, known)}")
                frame = pq.read_table(path, columns=None if columns is None else list(columns)).to_pandas()
            except (OSError, pa.ArrowException) as error:
                reason = (str(error).splitlines() or [type(error).__name__])[0]
                raise OutputError(f"{path} is damaged ({reason}); delete it and run again") from None
            yield frame

    def to_frame(self) -> pd.DataFrame:
        """All draws in one table; for a million draws prefer `frames` with the columns that you need."""
        import pandas as pd

        parts = list(self.frames())
        if not parts:
            raise MethodError(f"no chunk is done yet in {self.folder}")
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Shares of draws by regime and condition, read chunk by chunk: share, error, low, high, draws.

        `between chunks` is half a 95 % interval from the spread of the chunks' own shares, each an independent Sobol set; NaN
        with fewer than 2.
        """
        import pandas as pd

        names: dict[tuple[str, str], str] = {}
        for regime in self.manifest["regimes"]:
            for power in self.manifest["powers"]:
                names[regime, f"{power} gains"] = f"{regime}: premium low, {power}"
            for condition in ("pays all", "holds", "pays all and holds"):
                names[regime, condition] = f"{regime}: {condition}"
        hits: dict[tuple[str, str], list[int]] = {key: [] for key in names}
        sizes: list[int] = []
        for frame in self.frames(list(names.values())):
            sizes.append(len(frame))
            for key, column in names.items():
                values = frame[column].to_numpy()
                hits[key].append(int((values > 0).sum() if values.dtype.kind == "f" else values.sum()))
        if not sizes:
            raise MethodError(f"no chunk is done yet in {self.folder}")
        rows = []
        for (regime, condition), counts in hits.items():
            found: Share = share(sum(counts), sum(sizes))
            full = [c / s for c, s in zip(counts, sizes) if s == max(sizes)]
            spread = 1.96 * float(np.std(full, ddof=1)) / len(full) ** 0.5 if len(full) > 1 else np.nan
            rows.append(
                (regime, condition, found.value, found.error, found.low, found.high, found.draws, spread)
            )
        columns = ["regime", "condition", "share", "error", "low", "high", "draws", "between chunks"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        m = self.manifest
        state = "complete" if self.complete else f"{self.draws:,} are done; run it again to go on"
        return (
            f"{m['draws']:,} draws of {m['scenario']!r} on the map {m['map']!r} (seed {m['seed']}) in chunks of {m['chunk']:,}: "
            f"{state}."
        )

    def __repr__(self) -> str:
        return self.summary() if not self.done else f"{self.summary()}\n{self.shares.to_string()}"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.shares.to_html(border=0) if self.done else ""
        return f"<p>{escape(self.summary())}</p>{table}"


@checked
def run(
    model: SpheresModel,
    n: int,
    folder: str | Path,
    *,
    map: MapLike = STATUS_QUO,
    regimes: str | Sequence[str] | Mapping[str, ProfileLike] = "concert",
    observed: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    seed: int = 0,
    chunk: int = 4096,
    mixed: Mixed = "where none",
    autonomy: bool = False,
    backend: Backend = "serial",
    workers: int | None = None,
    address: str | None = None,
    time_limit: float | None = None,
    **sampling: Any,
) -> Run:
    """Evaluate many draws in chunks, on one machine or several, into a folder of Parquet files with a manifest.

    Chunk k has draws of its own, made from the seed and k alone: the files are the same bytes whatever the number and kind of
    workers. A run that was interrupted goes on where it stopped; a worker that dies costs its chunk only.

    Parameters
    ----------
    model, map, regimes, observed, mixed, autonomy : as for `evaluate`
    n : number of draws
    folder : where the files go; it is made if need be
    seed, chunk : draws are made chunk by chunk
    backend, workers, address : `serial`, `joblib`, `dask` or `ray`; see `solvers.uncertainty._backends.each`
    time_limit : seconds of wall time, optional, beside the start of workers; what is done by then is kept, and the run says
        that it is not complete
    sampling : further arguments of `model.draws`: `together`, `laws` (ranges only), `switches`

    Raises
    ------
    OutputError
        If the folder holds another run or a chunk of one, or cannot be written.
    MethodError, BackendError
        For options that do not apply, missing packages, or a scheduler that does not answer.
    """
    deadline = Deadline(time_limit)
    _needs_pyarrow()
    if n < 1:
        raise MethodError(f"n is {n!r}; at least one draw is needed")
    if chunk < 1:
        raise MethodError(f"chunk is {chunk!r}; it must be at least 1")
    seen = named_profiles(model, tuple(model.observed) if observed is None else observed, "observed")
    chosen = named_profiles(model, regimes, "regimes")
    if not chosen:
        raise MethodError("regimes: name at least one, the deal")
    work = _Chunks(model, map, chosen, seen, n, chunk, seed, mixed, autonomy, dict(sampling))
    work.sample(0)  # what is wrong with the sampling is said here and not by a worker
    target = Path(folder)
    manifest = _manifest(work)
    ends = time.time() + deadline.left if deadline.finite else None
    work = replace(work, mark=mark(manifest), ends=ends)
    claim(target, manifest)
    found = Run(target, manifest)
    left = [k for k in range(work.count) if k not in set(found.done)]
    for k, content in track(each(work, left, backend, workers, address), len(left), "Evaluating chunks"):
        if content is not None:
            files.write(_path(target, k), content)
    return Run(target, manifest)


@checked
def open_run(folder: str | Path) -> Run:
    """A run that is already there. Raises OutputError where the folder holds none, or a chunk of another run."""
    _needs_pyarrow()
    found = Run(Path(folder), read_manifest(Path(folder)))
    _ = found.done  # a chunk of another run is said here and not when a table is first asked for
    return found


def _needs_pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise MethodError(
            "runs are kept as Parquet files: pip install 'concert-of-powers[uncertainty]'"
        ) from None


def _path(folder: Path, k: int) -> Path:
    return folder / f"chunk-{k:06d}.parquet"


def _whole(path: Path, rows: int, own: str, k: int) -> bool:
    """Is a chunk's file there, readable, and of the right length? Raises OutputError for one that this run did not write."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return False
    if not belongs(found.metadata, own, k):
        raise OutputError(
            f"{path} is not chunk {k} of this run: another run wrote it, or it was renamed; move it away and run again"
        )
    return bool(found.num_rows == rows)


def _manifest(work: _Chunks) -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("concert-of-powers")
    except PackageNotFoundError:
        release = "unknown"
    return {
        "format": FORMAT,
        "version": release,
        "scenario": work.model.name,
        "fingerprint": fingerprint(work.model, work.map, work.sampling),
        "powers": list(work.model.players),
        "map": map_words(work.model, work.map),
        "regimes": {name: list(profile) for name, profile in work.regimes.items()},
        "observed": {name: list(profile) for name, profile in work.observed.items()},
        "draws": work.draws,
        "chunk": work.size,
        "seed": work.seed,
        "mixed": work.mixed,
        "autonomy": work.autonomy,
    }
