// Leads through the steps of an exercise, in the browser alone. A step of 0 seconds lasts until Next is pressed.
const TICK_MS = 200;
const BEEP_HZ = 660;
const BEEP_S = 0.15;
const timers = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".timer");
  const known = timers.get(root);
  if (known && known.id === data.id) return known.close; // the page has run again: go on
  if (known) known.close();
  const timer = open(root, data);
  timers.set(root, timer);
  return timer.close;
}

function open(root, { id, steps, words }) {
  const state = { root, steps, words, place: 0, leftMs: steps[0].seconds * 1000, running: false, at: 0, lock: null };
  const [run, next] = root.querySelectorAll("button");
  run.onclick = () => (state.place >= steps.length ? again(state) : toggle(state));
  next.textContent = words.next;
  next.onclick = () => step(state);
  root.querySelector("label span").textContent = words.sound;
  const clock = setInterval(() => tick(state), TICK_MS);
  show(state);
  const close = () => {
    clearInterval(clock);
    awake(state, false);
    timers.delete(root);
  };
  return { id, close };
}

function toggle(state) {
  state.running = !state.running;
  state.at = performance.now();
  awake(state, state.running);
  if (state.running) beep(state); // the first sound must follow a touch: browsers allow no other
  show(state);
}

function again(state) {
  state.place = 0;
  state.leftMs = state.steps[0].seconds * 1000;
  toggle(state);
}

function tick(state) {
  if (!state.running || state.steps[state.place].seconds === 0) return;
  const now = performance.now();
  state.leftMs -= now - state.at;
  state.at = now;
  if (state.leftMs <= 0) step(state);
  else show(state);
}

function step(state) {
  if (state.place >= state.steps.length) return;
  state.place += 1;
  state.at = performance.now();
  const isDone = state.place >= state.steps.length;
  if (isDone) state.running = false;
  else state.leftMs = state.steps[state.place].seconds * 1000;
  if (isDone) awake(state, false);
  beep(state);
  show(state);
}

function show(state) {
  const { root, steps, words, place } = state;
  const isDone = place >= steps.length;
  const now = isDone ? { words: words.done, where: "", seconds: 0 } : steps[place];
  root.dataset.state = isDone ? "done" : state.running ? "running" : "waiting";
  write(root, ".now", now.words);
  write(root, ".left", isDone ? "✓" : now.seconds ? String(Math.max(1, Math.ceil(state.leftMs / 1000))) : "");
  write(root, ".where", now.where);
  write(root, "[data-hand=run]", state.running ? words.pause : isDone ? words.again : words.start);
  root.querySelector("progress").value = place / steps.length;
  root.querySelector("progress").setAttribute("aria-label", words.progress);
  root.querySelector("[data-hand=next]").disabled = isDone;
}

function write(root, where, text) {
  const node = root.querySelector(where);
  if (node.textContent !== text) node.textContent = text; // a screen reader speaks only what has changed
}

// The screen of a phone stays on while the exercise runs, where the browser can do it.
async function awake(state, wanted) {
  if (!wanted) {
    const held = await state.lock;
    state.lock = null;
    if (held) held.release();
  } else if (navigator.wakeLock && !state.lock) {
    state.lock = navigator.wakeLock.request("screen").catch(() => null);
  }
}

function beep(state) {
  if (!state.root.querySelector("input").checked) return;
  state.sound ??= new AudioContext();
  const tone = state.sound.createOscillator();
  tone.frequency.value = BEEP_HZ;
  tone.connect(state.sound.destination);
  tone.start();
  tone.stop(state.sound.currentTime + BEEP_S);
}
