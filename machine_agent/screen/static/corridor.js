// The moving corridor: the band to follow comes from the right, the own movement is drawn on it.

import { isReduced } from "./dom.js";

const PAST_MS = 5000;
const AHEAD_MS = 3000;
const BAND_DEG = 5; // to each side of the target
const MARGIN = 0.16; // of the span, above and below the end angles
const STEP_MS = 60; // between two points of the band ahead
const LATE_MS = 200; // drawing goes on so long without a new snapshot
const LEFT = 64; // px for the labels

// `labelOf(deg)` writes an end angle. Returns {see(sample), draw(), end()}.
export function makeCorridor(canvas, pace, labelOf) {
  const paint = canvas.getContext("2d");
  const samples = [];
  const span = Math.max(pace.end - pace.start, 1);
  const low = pace.start - span * MARGIN;
  const high = pace.end + span * MARGIN;
  let arrived = 0;
  let request = 0;
  let colours = null;
  const size = new ResizeObserver(fit);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => { colours = read(canvas); draw(); };
  size.observe(canvas);
  scheme.addEventListener("change", recolour);

  function fit() {
    const ratio = devicePixelRatio || 1;
    colours = read(canvas);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw();
  }

  // While the load is still coming the band stands still.
  function see(at, deg, target, isWaiting) {
    const last = samples.at(-1);
    if (last && at <= last.at) return;
    pace.see(at, target, isWaiting);
    samples.push({ at, deg, target });
    while (samples.length > 2 && samples[1].at < at - PAST_MS) samples.shift();
    arrived = performance.now();
    if (isReduced()) draw();
    else if (!request) request = requestAnimationFrame(next);
  }

  function next() {
    request = 0;
    draw();
    if (performance.now() - arrived < LATE_MS) request = requestAnimationFrame(next);
  }

  const y = (deg) => {
    const share = (Math.min(Math.max(deg, low), high) - low) / (high - low);
    return canvas.clientHeight * (1 - share);
  };

  function draw() {
    if (!colours) return;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    paint.clearRect(0, 0, width, height);
    endLines(width);
    const newest = samples.at(-1);
    if (!newest) return;
    if (isReduced()) gauge(newest, width);
    else scroll(newest, width);
  }

  function endLines(width) {
    paint.lineWidth = 1.5;
    paint.strokeStyle = colours.line;
    paint.fillStyle = colours.muted;
    paint.font = `600 18px ${colours.font}`;
    paint.textBaseline = "middle";
    paint.setLineDash([4, 6]);
    for (const deg of [pace.start, pace.end]) {
      paint.beginPath();
      paint.moveTo(LEFT, y(deg));
      paint.lineTo(width, y(deg));
      paint.stroke();
      paint.fillText(labelOf(deg), 12, y(deg));
    }
    paint.setLineDash([]);
  }

  function scroll(newest, width) {
    const now = newest.at + Math.min(performance.now() - arrived, LATE_MS);
    const wide = width - LEFT;
    const x = (at) => LEFT + (wide * (at - now + PAST_MS)) / (PAST_MS + AHEAD_MS);
    const ahead = [];
    for (let ms = 0; ms <= AHEAD_MS + LATE_MS; ms += STEP_MS) {
      ahead.push({ at: newest.at + ms, target: pace.ahead(ms) });
    }
    paint.save();
    paint.beginPath();
    paint.rect(LEFT, 0, wide, canvas.clientHeight);
    paint.clip();
    band(samples, x, colours.band_past);
    band(ahead, x, colours.band);
    trace(x);
    paint.restore();
    ball(x(newest.at), newest.deg, newest.target);
  }

  function band(points, x, colour) {
    paint.beginPath();
    points.forEach(({ at, target }, index) => paint[index ? "lineTo" : "moveTo"](x(at), y(target + BAND_DEG)));
    [...points].reverse().forEach(({ at, target }) => paint.lineTo(x(at), y(target - BAND_DEG)));
    paint.closePath();
    paint.fillStyle = colour;
    paint.fill();
    paint.beginPath();
    points.forEach(({ at, target }, index) => paint[index ? "lineTo" : "moveTo"](x(at), y(target)));
    paint.lineWidth = 2;
    paint.setLineDash([8, 8]);
    paint.strokeStyle = colours.band_line;
    paint.stroke();
    paint.setLineDash([]);
  }

  function trace(x) {
    paint.beginPath();
    samples.forEach(({ at, deg }, index) => paint[index ? "lineTo" : "moveTo"](x(at), y(deg)));
    paint.lineJoin = "round";
    paint.lineCap = "round";
    paint.lineWidth = 10;
    paint.strokeStyle = colours.surface;
    paint.stroke();
    paint.lineWidth = 5;
    paint.strokeStyle = colours.own;
    paint.stroke();
  }

  // Full inside the band, a ring outside it: the shape tells, not the colour alone.
  function ball(x, deg, target) {
    const isInside = Math.abs(deg - target) <= BAND_DEG;
    paint.beginPath();
    paint.arc(x, y(deg), 15, 0, 2 * Math.PI);
    paint.fillStyle = isInside ? colours.own : colours.surface;
    paint.fill();
    paint.lineWidth = 5;
    paint.strokeStyle = isInside ? colours.surface : colours.outside;
    paint.stroke();
  }

  // Without motion: an upright track with the band and the own place on it.
  function gauge(newest, width) {
    const middle = LEFT + (width - LEFT) / 2;
    const [above, below] = [y(newest.target + BAND_DEG), y(newest.target - BAND_DEG)];
    paint.fillStyle = colours.band_past;
    paint.fillRect(middle - 40, y(pace.end), 80, y(pace.start) - y(pace.end));
    paint.fillStyle = colours.band;
    paint.fillRect(middle - 110, above, 220, below - above);
    paint.fillStyle = colours.band_line;
    paint.fillRect(middle - 110, y(newest.target) - 1, 220, 2);
    ball(middle, newest.deg, newest.target);
  }

  return {
    see,
    draw,
    end: () => {
      cancelAnimationFrame(request);
      size.disconnect();
      scheme.removeEventListener("change", recolour);
    },
  };
}

function read(node) {
  const style = getComputedStyle(node);
  const names = ["line", "muted", "band", "band_past", "band_line", "own", "outside", "surface"];
  const found = names.map((name) => [name, style.getPropertyValue(`--${name.replace("_", "-")}`).trim()]);
  return { ...Object.fromEntries(found), font: style.fontFamily };
}
