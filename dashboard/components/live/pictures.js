// Pictures of movement: a sparkline for each machine, and one large trace of angle and torque over time.
const SPARK_MS = 12000;
const LONGEST_MS = 20000; // the large trace shows the last REPS_SHOWN repetitions, but never more or less than these
const SHORTEST_MS = 4000;
const REPS_SHOWN = 5;
const GAP_MS = 1000; // what was not seen for so long is not joined by a line
const BAND_DEG = 5; // of the corridor, to each side of the target, as on the machine's own screen
const LEFT = 52; // px for the figures of an axis

// A frame gives the clinical angle of `deg`; the target moves the same way or, where it is mirrored, the other way.
function clinical(frame, deg) {
  if (frame.clinical_deg === null || frame.clinical_deg === undefined) return deg;
  return frame.mirrored ? frame.clinical_deg + frame.deg - deg : deg;
}

function isMirrored(frame) {
  return Math.abs((frame.clinical_deg ?? frame.deg) - frame.deg) > 1e-6;
}

function remember(known, frame) {
  const last = known.at(-1);
  frame.mirrored = isMirrored(frame) || Boolean(last?.mirrored); // at one angle both ways read the same
  if (last && frame.mono_ms < last.mono_ms) known.length = 0; // the machine has started anew
  known.push(frame);
  while (known[0].mono_ms < frame.mono_ms - LONGEST_MS) known.shift();
}

function brush(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name).trim() || "gray";
  return { pen, colour, width, height };
}

function drawSpark(canvas, frames) {
  const { pen, colour, width, height } = brush(canvas);
  if (frames.length < 2 || width === 0) return;
  const end = frames.at(-1).mono_ms;
  const shown = frames.filter((frame) => frame.mono_ms >= end - SPARK_MS);
  const [low, high] = bounds(shown.map((frame) => clinical(frame, frame.deg)), 3);
  const place = (frame) => [
    3 + ((frame.mono_ms - end + SPARK_MS) / SPARK_MS) * (width - 8),
    height - 4 - ((clinical(frame, frame.deg) - low) / (high - low)) * (height - 8),
  ];
  line(pen, shown, place, { colour: colour("--st-primary-color"), thick: 2 });
  const [x, y] = place(shown.at(-1));
  pen.fillStyle = colour("--st-primary-color");
  pen.beginPath();
  pen.arc(x, y, 3, 0, 7);
  pen.fill();
}

function drawTrace({ angle, torque }, frames) {
  const span = windowMs(frames);
  const shown = frames.filter((frame) => frame.mono_ms >= frames.at(-1).mono_ms - span);
  const guided = shown.filter((frame) => frame.phase !== "idle"); // at rest there is no target
  const own = shown.map((frame) => clinical(frame, frame.deg));
  const aims = guided.flatMap((frame) => [-BAND_DEG, BAND_DEG].map((off) => clinical(frame, frame.target_deg) + off));
  chart(angle, shown, { span, values: [...own, ...aims], margin: 3, unit: "°" }, (sheet) => {
    band(sheet, guided);
    line(sheet.pen, shown, (f) => sheet.at(f.mono_ms, clinical(f, f.deg)), { colour: sheet.colour("--st-primary-color"), thick: 2.5 });
  });
  chart(torque, shown, { span, values: [0, ...shown.map((frame) => frame.nm)], margin: 2, unit: " Nm" }, (sheet) => {
    line(sheet.pen, shown, (f) => sheet.at(f.mono_ms, f.nm), { colour: sheet.colour("--st-blue-color"), thick: 2 });
  });
}

// At normal pace this is the longest window; an accelerated demo would be a mere scribble in it.
function windowMs(frames) {
  let turns = 0;
  for (let index = frames.length - 1; index > 0; index -= 1) {
    if (frames[index].rep !== frames[index - 1].rep) turns += 1;
    if (turns === REPS_SHOWN) {
      return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, frames.at(-1).mono_ms - frames[index].mono_ms));
    }
  }
  return LONGEST_MS;
}

function chart(canvas, shown, { span, values, margin, unit }, paint) {
  const { pen, colour, width, height } = brush(canvas);
  if (shown.length < 2) return;
  const [low, high] = bounds(values, margin);
  const end = shown.at(-1).mono_ms;
  const across = (ms) => LEFT + ((ms - end + span) / span) * (width - LEFT - 8);
  const up = (value) => height - 8 - ((value - low) / (high - low)) * (height - 16);
  const step = [5, 10, 20, 50, 100, 200].find((each) => (high - low) / each < 6) || 500;
  pen.font = "12px sans-serif";
  pen.fillStyle = colour("--st-text-color");
  pen.strokeStyle = colour("--st-border-color");
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    pen.fillText(`${value}${unit}`.replace("-", "−"), 2, up(value) + 4);
    pen.beginPath();
    pen.moveTo(LEFT, up(value));
    pen.lineTo(width - 8, up(value));
    pen.stroke();
  }
  paint({ pen, colour, at: (ms, value) => [across(ms), up(value)] });
}

function bounds(values, margin) {
  return [Math.min(...values) - margin, Math.max(...values) + margin];
}

function joined(frames, index) {
  return index > 0 && frames[index].mono_ms - frames[index - 1].mono_ms < GAP_MS;
}

function line(pen, frames, place, { colour, thick }) {
  pen.beginPath();
  frames.forEach((frame, index) => (joined(frames, index) ? pen.lineTo(...place(frame)) : pen.moveTo(...place(frame))));
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  pen.stroke();
}

function band({ pen, colour, at }, guided) {
  pen.globalAlpha = 0.35;
  pen.fillStyle = colour("--st-gray-color");
  for (const run of runs(guided)) {
    const edge = (off) => run.map((frame) => at(frame.mono_ms, clinical(frame, frame.target_deg) + off));
    pen.beginPath();
    for (const place of [...edge(-BAND_DEG), ...edge(BAND_DEG).reverse()]) pen.lineTo(...place);
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function runs(frames) {
  const found = [];
  frames.forEach((frame, index) => (joined(frames, index) ? found.at(-1).push(frame) : found.push([frame])));
  return found;
}
