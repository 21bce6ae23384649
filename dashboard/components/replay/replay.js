// Replays a recorded session in the browser alone: the page does not run while it plays.
const SIGNS = { decision: "◆", pain: "●", answer: "○" };
const STRONG = 3; // px, of the line that is being drawn
const PAUSE_MS = 1500; // what is left of a pause that is skipped
const EDGE = 34;
const players = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".replay");
  const known = players.get(root);
  if (known && known.id === data.id) return known.close; // the page has run again: go on
  if (known) known.close();
  const player = open(root, data);
  players.set(root, player);
  return player.close;
}

function open(root, data) {
  const state = { root, data, nowMs: 0, playing: false, at: 0, request: 0 };
  for (const label of root.querySelectorAll("[data-word]")) label.textContent = data.words[label.dataset.word];
  const seek = root.querySelector(".seek");
  seek.max = data.length_ms;
  seek.setAttribute("aria-label", data.words.seek);
  seek.oninput = () => { state.nowMs = Number(seek.value); show(state); };
  root.querySelector(".play").onclick = () => toggle(state);
  fillTrack(state);
  fillEvents(state);
  const size = new ResizeObserver(() => show(state));
  size.observe(root);
  const close = () => {
    cancelAnimationFrame(state.request);
    size.disconnect();
    players.delete(root);
  };
  show(state);
  return { id: data.id, close };
}

function toggle(state) {
  state.playing = !state.playing;
  if (state.playing && state.nowMs >= state.data.length_ms) state.nowMs = 0;
  state.at = performance.now();
  if (state.playing) state.request = requestAnimationFrame(() => tick(state));
  show(state);
}

function tick(state) {
  if (!state.playing) return;
  const now = performance.now();
  const pace = Number(state.root.querySelector(".pace").value);
  state.nowMs += (now - state.at) * pace;
  state.at = now;
  if (state.root.querySelector(".skip").checked) state.nowMs = past(state.data, state.nowMs);
  if (state.nowMs >= state.data.length_ms) {
    state.nowMs = state.data.length_ms;
    state.playing = false;
  }
  show(state);
  state.request = requestAnimationFrame(() => tick(state));
}

// In a long pause, go on shortly before whatever happens next.
function past(data, nowMs) {
  if (data.reps.some((rep) => rep.from_ms <= nowMs && nowMs <= rep.to_ms)) return nowMs;
  const next = Math.min(...data.reps.map((rep) => rep.from_ms).concat(data.events.map((one) => one.at_ms)).filter((ms) => ms > nowMs));
  return Number.isFinite(next) && next - nowMs > PAUSE_MS ? next - PAUSE_MS : nowMs;
}

function show(state) {
  const { root, data, nowMs } = state;
  const rep = data.reps.findLast((one) => one.from_ms <= nowMs);
  const resting = !rep || nowMs > rep.to_ms;
  const share = rep ? Math.min(1, (nowMs - rep.from_ms) / Math.max(1, rep.to_ms - rep.from_ms)) : 0;
  root.querySelector(".play").textContent = state.playing ? data.words.pause : data.words.play;
  root.querySelector(".clock").textContent = `${clock(nowMs)} / ${clock(data.length_ms)}`;
  const seek = root.querySelector(".seek");
  seek.value = nowMs;
  seek.setAttribute("aria-valuetext", rep ? `${clock(nowMs)}, ${data.words.set} ${rep.set}, ${data.words.rep} ${rep.rep}` : clock(nowMs));
  write(root, "set", rep ? [rep.set, rep.side].filter(Boolean).join(" ") : "—");
  write(root, "rep", rep ? rep.rep : "—");
  write(root, "load", rep ? rep.load : "—");
  write(root, "flags", rep && rep.flags ? rep.flags : "—");
  write(root, "angle", rep && rep.deg.length && !resting ? `${Math.round(along(rep.deg, share))}°`.replace("-", "−") : "—");
  write(root, "torque", rep && rep.nm.length && !resting ? `${Math.round(along(rep.nm, share))} Nm` : "—");
  for (const item of root.querySelectorAll(".events li")) item.classList.toggle("past", Number(item.dataset.ms) <= nowMs);
  drawAngle(state, rep ?? data.reps[0], share);
  drawTorque(state, rep ?? data.reps[0], share);
}

function write(root, figure, text) {
  const place = root.querySelector(`[data-figure="${figure}"]`);
  if (place.textContent !== String(text)) place.textContent = text;
}

function along(values, share) {
  const place = share * (values.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, values.length - 1);
  return values[low] + (place - low) * (values[high] - values[low]);
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function fillTrack({ root, data }) {
  const track = root.querySelector(".track");
  const percent = (ms) => `${(100 * ms) / data.length_ms}%`;
  const reps = data.reps.map((rep) => {
    const mark = document.createElement("span");
    mark.className = rep.set % 2 ? "one" : "one even";
    mark.style.left = percent(rep.from_ms);
    mark.style.width = percent(rep.to_ms - rep.from_ms);
    return mark;
  });
  const signs = data.events.map((event) => {
    const mark = document.createElement("span");
    mark.className = "sign";
    mark.style.left = percent(event.at_ms);
    mark.textContent = SIGNS[event.kind];
    mark.title = event.words;
    return mark;
  });
  track.replaceChildren(...reps, ...signs);
}

function fillEvents({ root, data }) {
  const items = data.events.map((event) => {
    const item = document.createElement("li");
    item.dataset.ms = event.at_ms;
    item.textContent = `${SIGNS[event.kind]} ${event.clock} · ${event.words}`;
    return item;
  });
  root.querySelector(".events").replaceChildren(...items);
}

function pen(root, name) {
  const canvas = root.querySelector(`[data-picture="${name}"]`);
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const drawing = canvas.getContext("2d");
  drawing.setTransform(scale, 0, 0, scale, 0, 0);
  drawing.clearRect(0, 0, width, height);
  drawing.font = "12px sans-serif";
  const style = getComputedStyle(root);
  const colour = (variable) => style.getPropertyValue(variable).trim() || "gray";
  return { drawing, width, height, colour };
}

function span(values, spare) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const more = Math.max((high - low) * spare, 1);
  return [low - more, high + more];
}

function drawAngle({ root, data }, rep, share) {
  const board = pen(root, "angle");
  if (!rep || !rep.deg.length) return noCurve(board, data);
  const [low, high] = span([...rep.deg, ...rep.corridor], 0.1);
  const across = (place) => EDGE + place * (board.width - EDGE - 8);
  const up = (deg) => board.height - 14 - ((deg - low) / (high - low)) * (board.height - 28);
  corridor(board, rep.corridor.map(up), true);
  grid(board, [low, high], up, "°");
  const points = rep.deg.map((deg, place) => [across(place / (rep.deg.length - 1)), up(deg)]);
  line(board, points, 1.5, 0.35);
  const done = points.slice(0, Math.floor(share * (points.length - 1)) + 1);
  const here = [across(share), up(along(rep.deg, share))];
  line(board, [...done, here], STRONG, 1);
  dot(board, here);
}

function drawTorque({ root, data }, rep, share) {
  const board = pen(root, "torque");
  if (!rep || !rep.deg.length) return noCurve(board, data);
  const of = data.reps.filter((one) => one.set === rep.set && one.side === rep.side && one.deg.length);
  const [left, right] = span(of.flatMap((one) => [...one.deg, ...one.corridor]), 0.05);
  const [low, high] = span([0, ...of.flatMap((one) => one.nm)], 0.08);
  const across = (deg) => EDGE + ((deg - left) / (right - left)) * (board.width - EDGE - 8);
  const up = (nm) => board.height - 14 - ((nm - low) / (high - low)) * (board.height - 28);
  corridor(board, rep.corridor.map(across), false);
  grid(board, [low, high], up, "");
  const points = (one) => one.deg.map((deg, place) => [across(deg), up(one.nm[place])]);
  for (const one of of) if (one.to_ms < rep.from_ms) line(board, points(one), 1.2, 0.3);
  const here = [across(along(rep.deg, share)), up(along(rep.nm, share))];
  line(board, [...points(rep).slice(0, Math.floor(share * (rep.deg.length - 1)) + 1), here], STRONG, 1);
  dot(board, here);
}

function noCurve({ drawing, width, height, colour }, data) {
  drawing.fillStyle = colour("--st-text-color");
  drawing.textAlign = "center";
  drawing.fillText(data.reps.length ? data.words.no_curve : "—", width / 2, height / 2);
  drawing.textAlign = "start";
}

// The prescribed range: a grey field between two dashed lines.
function corridor({ drawing, width, height, colour }, ends, flat) {
  if (ends.length < 2) return;
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  drawing.fillStyle = colour("--st-gray-color");
  drawing.globalAlpha = 0.15;
  if (flat) drawing.fillRect(EDGE, from, width - EDGE - 8, to - from);
  else drawing.fillRect(from, 14, to - from, height - 28);
  drawing.globalAlpha = 1;
  drawing.setLineDash([5, 4]);
  drawing.strokeStyle = colour("--st-gray-color");
  drawing.lineWidth = 1.5;
  for (const end of ends) {
    drawing.beginPath();
    drawing.moveTo(flat ? EDGE : end, flat ? end : 14);
    drawing.lineTo(flat ? width - 8 : end, flat ? end : height - 14);
    drawing.stroke();
  }
  drawing.setLineDash([]);
}

function grid({ drawing, width, colour }, [low, high], up, unit) {
  const step = high - low > 60 ? 20 : 10;
  drawing.fillStyle = colour("--st-text-color");
  drawing.strokeStyle = colour("--st-border-color");
  drawing.lineWidth = 1;
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    drawing.fillText(`${value}${unit}`.replace("-", "−"), 4, up(value) + 4);
    drawing.beginPath();
    drawing.moveTo(EDGE, up(value));
    drawing.lineTo(width - 8, up(value));
    drawing.stroke();
  }
}

function line({ drawing, colour }, points, thick, opacity) {
  drawing.beginPath();
  points.forEach((point, place) => (place ? drawing.lineTo(...point) : drawing.moveTo(...point)));
  drawing.globalAlpha = opacity;
  drawing.strokeStyle = colour("--st-primary-color");
  drawing.lineWidth = thick;
  drawing.lineJoin = "round";
  drawing.stroke();
  drawing.globalAlpha = 1;
}

function dot({ drawing, colour }, [across, down]) {
  drawing.beginPath();
  drawing.arc(across, down, 6, 0, 2 * Math.PI);
  drawing.fillStyle = colour("--st-primary-color");
  drawing.fill();
}
