"""From the move of a slider to the change on the screen, in Chromium: `python -m benchmarks.explorer`."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from benchmarks._common import markdown
from reports.explore import Explorer
from reports.explore._server import Server
from tests.chromium import CHROMIUM, Page

TABLE = Path(__file__).parent / "tables" / "explorer.md"
MOVES = 50
SETTLED = (
    "document.querySelector('.concert-explore')?.dataset.shares && !document.querySelector('[data-busy]')"
)
SCRIPT = """
(async () => {
  const root = document.querySelector(".concert-explore");
  const slider = document.querySelector("[data-path=half_distance]");
  const painted = (name, before, begun) => new Promise((done) => {
    const look = () => root.dataset[name] === before
      ? setTimeout(look, 1) : requestAnimationFrame(() => done(performance.now() - begun));
    look();
  });
  const times = { view: [], shares: [] };
  for (let move = 0; move < %d; move += 1) {
    const before = { ...root.dataset };
    const begun = performance.now();
    slider.value = move + 20;
    slider.dispatchEvent(new Event("input"));
    times.view.push(await painted("view", before.view, begun));
    times.shares.push(await painted("shares", before.shares, begun));
    await new Promise((done) => setTimeout(done, 30));
  }
  return times;
})()
"""


def main() -> None:
    if CHROMIUM is None:
        sys.exit("there is no Chromium on this machine")
    with Server(Explorer()) as server, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = Page(Path(folder), server.address)
        page.wait(SETTLED)
        begun = time.process_time()
        times = page.evaluate(SCRIPT % MOVES)
        used = 1e3 * (time.process_time() - begun) / MOVES
        page.close()
        server.shutdown()
    rows = [
        {"what": what, "median, ms": median(times[name]), "shortest, ms": min(times[name]), "wanted": "under 200 ms"}
        for what, name in (
            ("payoffs, equilibria, patience, autonomy and maps", "view"),
            ("the shares of 200 draws as well", "shares"),
        )
    ]  # fmt: skip
    lines = [
        f"## Explorer: {MOVES} moves of a slider in Chromium, from the move to the screen",
        "",
        *markdown(rows),
        "",
        f"Elapsed time, with a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Processor time of the server for "
        f"one move, the shares included: {used:.0f} ms.",
    ]
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
