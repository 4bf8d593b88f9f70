"""How fast and how small `deskferry convert` is, beside DuckDB and dlt on the same export.

Run it from anywhere, with deskferry[bench] installed: python benchmarks/convert.py --size 200
Runs alternate and the best of each counts. The export is read once before each: all find it in memory.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from contenders import Contender, deskferry, dlt, duckdb_alone, with_archive
from make_export import write_export
from measure import Measured

CONVERT, ARCHIVE = "deskferry convert", "deskferry convert + archive"
DUCKDB, IN_MEMORY = "DuckDB read_json_auto, into a file", "DuckDB read_json_auto, into memory"
DLT = "dlt into DuckDB"
_MEGA = 1_000_000


def main() -> None:
    """Make the export, run everybody in turn, print."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as held:
        folder = Path(held)
        exports = write_export(
            folder / "export", size=options.size * _MEGA, slices=options.slices, seed=options.seed
        )
        bytes_in = sum(export.stat().st_size for export in exports)
        contenders = _contenders(options, exports, folder)
        best = _best(contenders, exports, runs=options.runs)
        if not options.without_dlt:
            [slice_] = write_export(folder / "slice", size=options.dlt_size * _MEGA, seed=options.seed)
            best[DLT] = dlt(slice_, folder / "dlt")
            slice_size = slice_.stat().st_size
        else:
            slice_size = 0
        records = _records(folder / "dataset")
    report = _report(options, best, bytes_in=bytes_in, records=records, slice_size=slice_size)
    sys.stdout.write(json.dumps(report, indent=2) + "\n" if options.json else _table(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="megabytes of export; default 200")
    parser.add_argument("--slices", type=int, default=1, help="overlapping files it comes in; default 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--workers", type=int, default=2, help="processes of ours, threads of DuckDB; default 2"
    )
    parser.add_argument("--runs", type=int, default=3, help="of each; the best counts; default 3")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="leave out whatever contains none of these")
    parser.add_argument("--dlt-size", type=int, default=50, help="megabytes of the slice for dlt; default 50")
    parser.add_argument("--without-dlt", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.without_dlt and find_spec("dlt") is None:
        parser.error("dlt is not installed: pip install 'deskferry[bench]', or add --without-dlt")
    return options


def _contenders(options: argparse.Namespace, exports: Sequence[Path], folder: Path) -> dict[str, Contender]:
    dataset, workers = folder / "dataset", options.workers
    contenders: dict[str, Contender] = {
        CONVERT: partial(deskferry, exports, dataset, workers=workers),
        DUCKDB: partial(duckdb_alone, exports, folder / "alone.duckdb", threads=workers),
        ARCHIVE: partial(with_archive, exports, dataset, workers=workers),
        IN_MEMORY: partial(duckdb_alone, exports, None, threads=workers),
    }
    wanted = options.only or [""]
    return {name: run for name, run in contenders.items() if any(part in name for part in wanted)}


def _best(contenders: dict[str, Contender], exports: Sequence[Path], *, runs: int) -> dict[str, Measured]:
    best: dict[str, Measured] = {}
    for _ in range(runs):
        for name, run in contenders.items():
            _read_once(exports)
            now = run()
            before = best.get(name, now)
            best[name] = Measured(
                min(now.seconds, before.seconds), min(now.cpu, before.cpu), max(now.memory, before.memory)
            )
    return best


def _read_once(exports: Sequence[Path]) -> None:
    for export in exports:
        with export.open("rb") as file:
            while file.read(1 << 20):
                pass


def _records(dataset: Path) -> int:
    """Records in the export: tickets and all that they embed."""
    manifest = dataset / "manifest.json"
    if not manifest.exists():
        return 0
    return sum(counts["found"] for counts in json.loads(manifest.read_text())["entities"].values())


def _report(
    options: argparse.Namespace, best: dict[str, Measured], *, bytes_in: int, records: int, slice_size: int
) -> dict[str, Any]:
    rows = []
    for name, measured in best.items():
        share = slice_size / bytes_in if name == DLT else 1.0
        rows.append(
            {
                "name": name,
                "seconds": round(measured.seconds, 2),
                "cpu_seconds": round(measured.cpu, 2),
                "megabytes_per_second": round(bytes_in * share / _MEGA / measured.seconds, 1),
                "records_per_second": round(records * share / measured.seconds),
                "peak_memory_megabytes": round(measured.memory / _MEGA),
            }
        )
    return {
        "type": "benchmark",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": f"{len(os.sched_getaffinity(0))} cores, {_memory()} GB, {platform.system()}, "
        f"Python {platform.python_version()}",
        "load_before": round(os.getloadavg()[2], 1),
        "megabytes": round(bytes_in / _MEGA),
        "slices": options.slices,
        "seed": options.seed,
        "workers": options.workers,
        "records": records,
        "runs": rows,
        "ratios": _ratios(best, bytes_in=bytes_in, slice_size=slice_size),
    }


def _ratios(best: dict[str, Measured], *, bytes_in: int, slice_size: int) -> dict[str, float]:
    ratios = {}
    for floor, said in ((DUCKDB, "into a file"), (IN_MEMORY, "into memory")):
        for name in (CONVERT, ARCHIVE):
            if name in best and floor in best:
                ratios[f"{name} / DuckDB {said}"] = best[name].seconds / best[floor].seconds
                ratios[f"{name} / DuckDB {said}, CPU"] = best[name].cpu / best[floor].cpu
    if DLT in best and CONVERT in best:
        ratios[f"{DLT} / {CONVERT}"] = (best[DLT].seconds / slice_size) / (best[CONVERT].seconds / bytes_in)
    return {name: round(ratio, 2) for name, ratio in ratios.items()}


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30))


def _table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['date']}, {report['machine']}, load {report['load_before']}",
        f"{report['megabytes']} MB in {report['slices']} file(s), {report['records']:,} records, "
        f"{report['workers']} workers, seed {report['seed']}",
        "",
        "| | s | CPU s | MB/s | records/s | peak MB |",
        "|--|--:|--:|--:|--:|--:|",
    ]
    for row in report["runs"]:
        lines.append(
            f"| {row['name']} | {row['seconds']} | {row['cpu_seconds']} | {row['megabytes_per_second']} "
            f"| {row['records_per_second']:,} | {row['peak_memory_megabytes']} |"
        )
    lines += [
        "",
        "| ratio | |",
        "|--|--:|",
        *(f"| {name} | {value} |" for name, value in report["ratios"].items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
