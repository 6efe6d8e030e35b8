/* Delta-coded integers back to what Leaflet draws. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});

  /* [x0, y0, dx, dy, …] -> [[x, y], …], still integers: exact, so shared borders compare equal. */
  function points(coded) {
    const out = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i + 1 < coded.length; i += 2) {
      x += coded[i];
      y += coded[i + 1];
      out.push([x, y]);
    }
    return out;
  }

  const toLatLngs = (line, scale) => line.map(([x, y]) => [y / scale, x / scale]);

  function polygons(district, scale) {
    return district.polygons.map((rings) => rings.map((ring) => toLatLngs(points(ring), scale)));
  }

  function lines(area, scale) {
    return area.lines.map((line) => toLatLngs(points(line), scale));
  }

  function edgeKey(a, b) {
    const forward = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
    return forward ? `${a},${b}` : `${b},${a}`;
  }

  function unseenRuns(ring, seen) {
    const runs = [];
    let run = null;
    ring.forEach((from, i) => {
      const to = ring[(i + 1) % ring.length];
      const key = edgeKey(from, to);
      if (seen.has(key)) {
        run = null;
        return;
      }
      seen.add(key);
      if (run) run.push(to);
      else runs.push((run = [from, to]));
    });
    return runs;
  }

  /* Outlines of some districts with every shared edge once: dashes drawn twice would close into a solid line. */
  function outlinesOnce(districts, scale) {
    const seen = new Set();
    const rings = districts.flatMap((one) => one.polygons.flat()).map(points);
    return rings.flatMap((ring) => unseenRuns(ring, seen)).map((run) => toLatLngs(run, scale));
  }

  K.shapes = { polygons, lines, outlinesOnce };
})();
