// The picture of the last seconds of one machine. Frames arrive by EventSource, which reconnects by itself;
// what is drawn is never older than it says: after STALE_MS without a sign of life the picture turns grey.
const LONGEST_MS = 20000; // what is shown: the last REPS_SHOWN repetitions, but never more or less than these
const SHORTEST_MS = 4000;
const REPS_SHOWN = 5;
const GAP_MS = 1000; // what was not seen for so long is not joined by a line
const STALE_MS = 8000; // the service's heartbeat comes every 5 s
const RESTING_MS = 3000;
const LOOPBACK = ["localhost", "127.0.0.1"];
const screens = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live");
  const known = screens.get(root);
  if (known && known.url === data.url) return known.close;
  if (known) known.close();
  const screen = open(root, data);
  screens.set(root, screen);
  return screen.close;
}

function open(root, { url, words }) {
  const state = { root, words, frames: [], heardAt: 0, movedAt: 0, failed: false };
  for (const label of root.querySelectorAll("[data-word]")) label.textContent = words[label.dataset.word];
  const canvas = root.querySelector("canvas");
  canvas.setAttribute("aria-label", words.title);
  canvas.setAttribute("role", "img"); // after its name: an image without one is a fault to a screen reader
  const source = new EventSource(here(url), { withCredentials: true }); // the sign-in is a cookie
  source.addEventListener("open", () => alive(state));
  source.addEventListener("heartbeat", () => alive(state));
  source.addEventListener("state", () => alive(state));
  source.addEventListener("frame", (event) => take(state, JSON.parse(event.data)));
  source.addEventListener("error", () => { state.failed = true; });
  let request = requestAnimationFrame(function tick() {
    draw(state);
    request = requestAnimationFrame(tick);
  });
  const close = () => {
    source.close();
    cancelAnimationFrame(request);
    screens.delete(root);
  };
  return { url, close };
}

// The sign-in's cookie belongs to one host name: on the same machine, the one that the viewer has typed.
function here(url) {
  const found = new URL(url, window.location.href);
  const typed = window.location.hostname;
  if (LOOPBACK.includes(found.hostname) && LOOPBACK.includes(typed)) found.hostname = typed;
  return found.href;
}

function alive(state) {
  state.failed = false;
  state.heardAt = performance.now();
}

function take(state, frame) {
  alive(state);
  const last = state.frames.at(-1);
  if (last && frame.mono_ms < last.mono_ms) state.frames.length = 0; // the machine has started anew
  state.frames.push(frame);
  state.movedAt = state.heardAt;
  while (state.frames[0].mono_ms < frame.mono_ms - LONGEST_MS) state.frames.shift();
  const angle = clinical(frame, frame.deg);
  write(state, "set", frame.set);
  write(state, "rep", frame.rep);
  write(state, "angle", `${Math.round(angle)}°`);
  write(state, "torque", `${Math.round(frame.nm)} Nm`);
}

// A frame gives the clinical angle of `deg`; the target moves the same way or, where it is mirrored, the other way.
function clinical(frame, deg) {
  if (frame.clinical_deg === null || frame.clinical_deg === undefined) return deg;
  const mirrored = Math.abs(frame.clinical_deg - frame.deg) > 1e-6;
  return mirrored ? frame.clinical_deg + frame.deg - deg : deg;
}

function write(state, figure, text) {
  state.root.querySelector(`[data-figure="${figure}"]`).textContent = text;
}

function condition(state, now) {
  if (state.heardAt === 0) return state.failed ? "lost" : "connecting";
  if (state.failed || now - state.heardAt > STALE_MS) return "lost";
  return now - state.movedAt > RESTING_MS ? "resting" : "live";
}

function draw(state) {
  const now = performance.now();
  const next = condition(state, now);
  if (state.root.dataset.state !== next) {
    state.root.dataset.state = next;
    state.root.querySelector(".status").textContent = state.words[next];
  }
  const canvas = state.root.querySelector("canvas");
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  if (state.frames.length > 1) trace(pen, state, { width, height });
}

function trace(pen, state, size) {
  const style = getComputedStyle(state.root);
  const colour = (name) => style.getPropertyValue(name).trim() || "gray";
  const end = state.frames.at(-1).mono_ms;
  const span = windowMs(state.frames);
  const frames = state.frames.filter((frame) => frame.mono_ms >= end - span);
  const guided = frames.filter((frame) => frame.phase !== "idle"); // at rest there is no target
  const angles = [
    ...frames.map((frame) => clinical(frame, frame.deg)),
    ...guided.map((frame) => clinical(frame, frame.target_deg)),
  ];
  const low = Math.min(...angles) - 4;
  const high = Math.max(...angles) + 4;
  const left = 44;
  const across = (ms) => left + ((ms - end + span) / span) * (size.width - left - 8);
  const up = (deg) => size.height - 10 - ((deg - low) / (high - low)) * (size.height - 20);
  grid(pen, { low, high, left, up, width: size.width, colour });
  line(pen, guided, (f) => [across(f.mono_ms), up(clinical(f, f.target_deg))], colour("--st-gray-color"), 6, 0.4);
  line(pen, frames, (f) => [across(f.mono_ms), up(clinical(f, f.deg))], colour("--st-primary-color"), 2.5, 1);
}

// At normal pace this is the longest window; an accelerated demo would be a mere scribble in it.
function windowMs(frames) {
  const end = frames.at(-1).mono_ms;
  let turns = 0;
  for (let index = frames.length - 1; index > 0; index -= 1) {
    if (frames[index].rep !== frames[index - 1].rep) turns += 1;
    if (turns === REPS_SHOWN) return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, end - frames[index].mono_ms));
  }
  return LONGEST_MS;
}

function grid(pen, { low, high, left, up, width, colour }) {
  const step = high - low > 60 ? 20 : 10;
  pen.font = "12px sans-serif";
  pen.fillStyle = colour("--st-text-color");
  pen.strokeStyle = colour("--st-border-color");
  pen.lineWidth = 1;
  for (let deg = Math.ceil(low / step) * step; deg <= high; deg += step) {
    pen.fillText(`${deg}°`.replace("-", "−"), 6, up(deg) + 4);
    pen.beginPath();
    pen.moveTo(left, up(deg));
    pen.lineTo(width - 8, up(deg));
    pen.stroke();
  }
}

function line(pen, frames, place, colour, thick, opacity) {
  pen.beginPath();
  frames.forEach((frame, index) => {
    const joined = index > 0 && frame.mono_ms - frames[index - 1].mono_ms < GAP_MS;
    if (joined) pen.lineTo(...place(frame));
    else pen.moveTo(...place(frame));
  });
  pen.globalAlpha = opacity;
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  pen.stroke();
  pen.globalAlpha = 1;
}
