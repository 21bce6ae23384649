// The floor: strip, hands-on list, tiles, and the one opened trace. What is slow is asked from the service, what moves
// comes by its stream; a page run only says how the floor is to be shown, and is asked for where the page must change.
const RESTING_MS = 3000;
const TICK_MS = 1000;
const [FEWEST, MOST] = [2, 6]; // columns of a wall display
const floors = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".floor");
  const floor = floors.get(root) ?? open(root, parentElement.querySelector(".tile-form"), data);
  floors.set(root, floor);
  if (floor.isOver) return undefined;
  // A trigger is forgotten by a page run that is ended for the next click: an act stands until the page has taken it.
  floor.tell = (name, value) => {
    if (name === "act") floor.pressed = { ...value, isOpen: false };
    if (name === "person") setTriggerValue(name, value);
    else setStateValue(name, name === "act" ? { ...value, mark: `${data.session} ${Date.now()} ${Math.random()}` } : value);
  };
  take(floor, data);
  return () => {
    floor.close();
    floors.delete(root);
  };
}

function open(root, form, data) {
  const floor = { root, form, data, tiles: new Map(), frames: new Map(), movedAt: new Map(), light: data.light, machine: data.machine };
  const state = data.old ? "lost" : "fine";
  Object.assign(floor, { now: null, given: "", state, toldState: state, sign: signOf(data.floor), isOver: false });
  floor.stream = listen({
    onFrames: (frames) => move(floor, frames),
    onState: () => floor.asker.soon(),
    onAlive: () => judge(floor),
  });
  floor.asker = asking({
    onFloor: (now) => renew(floor, now),
    onSame: () => renew(floor, floor.now),
    onFailure: (state) => (state === "lost" ? become(floor, state) : end(floor, state)),
  });
  const tick = setInterval(() => {
    judge(floor);
    giveBack(floor);
  }, TICK_MS);
  const size = new ResizeObserver(() => {
    fit(floor);
    redraw(floor, [...floor.tiles.keys()]);
  });
  size.observe(root);
  const dialogs = watchDialogs(floor);
  const escape = (event) => { if (event.key === "Escape") openTrace(floor, ""); };
  root.addEventListener("keydown", escape);
  root.querySelector(".close").addEventListener("click", () => openTrace(floor, ""));
  floor.close = () => {
    floor.stream.close();
    floor.asker.close();
    clearInterval(tick);
    size.disconnect();
    dialogs.disconnect();
  };
  return floor;
}

// A page run: how to show it, and the floor as the page has read it, where that is newer. Whether the floor is live,
// only the browser's own answers tell: a page that reads what the browser cannot reach would have it change for ever.
function take(floor, data) {
  floor.data = data;
  floor.speak = speaker(data);
  const given = JSON.stringify(data.floor);
  const isAnew = !floor.now || floor.ask !== data.ask || Date.parse(data.floor?.as_of) > Date.parse(floor.now.as_of);
  if (data.floor && given !== floor.given && isAnew && (!data.old || !floor.now)) {
    Object.assign(floor, { now: data.floor, sign: signOf(data.floor) });
    floor.asker.forget();
  }
  Object.assign(floor, { given, ask: data.ask });
  floor.asker.to(atHost(data.ask), data.viewer);
  show(floor);
  if (!floor.now) floor.stream.to(data.url, "");
}

// The service has answered; the page runs where it stood without an answer, or where what it shows itself has changed.
function renew(floor, now) {
  const sign = signOf(now);
  floor.now = now;
  if (sign !== floor.sign) floor.tell("look", sign);
  floor.sign = sign;
  hasLasted();
  become(floor, "fine");
  show(floor);
}

// "fine", "lost", "ended", or "late": not heard for too long, as after the computer has slept.
function become(floor, state) {
  if (state !== "late" && state !== floor.toldState) {
    floor.toldState = state;
    floor.tell("look", state);
  }
  floor.state = state;
  floor.root.classList.toggle("old", state !== "fine");
  judge(floor);
}

// What of a floor is not this component's to show: that there is nothing, and which settings wait for staff.
function signOf(now) {
  if (!now) return "nothing";
  const waiting = now.items.filter(({ last_setting: setting }) => setting?.state === "proposed");
  return JSON.stringify([now.items.length === 0, waiting.map(({ machine, last_setting: { at } }) => [machine, at])]);
}

function show(floor) {
  const { root, data, now } = floor;
  root.hidden = !now || now.items.length === 0;
  if (!now) return;
  floor.faces = floorFaces(now, floor.speak, data);
  root.classList.toggle("wall", data.wall);
  root.classList.toggle("old", floor.state !== "fine");
  for (const label of root.querySelectorAll("[data-word]")) write(label, data.words[label.dataset.word]);
  write(root.querySelector(".as-of"), floor.faces.asOf);
  showStrip(floor);
  showHands(floor);
  const faces = new Map(floor.faces.tiles.map((each) => [each.machine, each]));
  for (const machine of floor.tiles.keys()) if (!faces.has(machine)) floor.tiles.delete(machine);
  for (const [machine, each] of faces) {
    if (!floor.tiles.has(machine)) floor.tiles.set(machine, makeTile(floor.form, (name, value) => told(floor, name, value)));
    floor.tiles.get(machine).show(each);
  }
  if (floor.machine && !faces.has(floor.machine)) {
    floor.machine = "";
    floor.tell("trace", "");
  }
  arrange(root.querySelector(".tiles"), [...faces.keys()].map((machine) => floor.tiles.get(machine).node));
  showFree(floor);
  filter(floor);
  showTrace(floor);
  fit(floor);
  judge(floor);
  redraw(floor, [...faces.keys()]);
}

// Nobody scrolls a wall: the fewest columns, which are the largest, that show every tile; else the flattest.
function fit(floor) {
  if (!floor.data.wall) return;
  let best = { columns: FEWEST, bottom: Infinity };
  for (let columns = FEWEST; columns <= MOST && best.bottom > window.innerHeight; columns += 1) {
    floor.root.style.setProperty("--columns", columns);
    const { bottom } = floor.root.getBoundingClientRect();
    if (bottom < best.bottom) best = { columns, bottom };
  }
  floor.root.style.setProperty("--columns", best.columns);
}

function told(floor, name, value) {
  if (name === "trace") openTrace(floor, floor.machine === value ? "" : value);
  else floor.tell(name, value);
}

function showStrip(floor) {
  const strip = floor.root.querySelector(".strip");
  strip.setAttribute("aria-label", floor.data.words.filter);
  if (strip.children.length === 0) {
    strip.append(...floor.faces.strip.map(({ light }) => {
      const button = element("button", "", { type: "button" });
      button.dataset.light = light;
      button.append(sign(light), element("span", ""));
      button.addEventListener("click", () => {
        floor.light = floor.light === light ? "" : light;
        filter(floor);
        floor.tell("light", floor.light);
      });
      return button;
    }));
  }
  floor.faces.strip.forEach(({ text }, index) => write(strip.children[index].lastElementChild, text));
}

function showHands(floor) {
  const { data: { words }, faces: { hands } } = floor;
  const section = floor.root.querySelector(".hands");
  section.hidden = hands.length === 0;
  write(section.querySelector("h2"), words.hands);
  list(section.querySelector("ul"), hands, ({ machine, who, why }) => {
    const row = document.createElement("li");
    const button = element("button", who, { type: "button" });
    button.addEventListener("click", () => {
      floor.light = "";
      filter(floor);
      floor.tiles.get(machine).node.focus();
    });
    row.append(button, element("span", why));
    return row;
  });
}

function showFree(floor) {
  const { data: { acts, wall, words }, faces: { free } } = floor;
  const section = floor.root.querySelector(".free");
  section.hidden = !acts || wall;
  const isKnown = floor.state === "fine";
  write(section.querySelector("h2"), words.free);
  write(section.querySelector("p"), isKnown ? words.nothing_free : words.free_unknown);
  section.querySelector("p").hidden = isKnown && free.length > 0;
  list(section.querySelector("ul"), isKnown ? free : [], ({ kind, names }) => {
    const row = element("li", `: ${names}`);
    row.prepend(element("strong", kind));
    return row;
  });
}

function filter(floor) {
  let shown = 0;
  for (const { node } of floor.tiles.values()) {
    node.hidden = floor.light !== "" && node.dataset.light !== floor.light;
    if (!node.hidden) shown += 1;
  }
  for (const button of floor.root.querySelector(".strip").children) {
    button.setAttribute("aria-pressed", String(button.dataset.light === floor.light));
  }
  const none = floor.root.querySelector(".none");
  none.hidden = shown > 0;
  write(none, floor.data.words.none);
}

function move(floor, frames) {
  const moved = new Set();
  for (const frame of frames) {
    if (!floor.tiles.has(frame.machine)) continue;
    if (!floor.frames.has(frame.machine)) floor.frames.set(frame.machine, []);
    remember(floor.frames.get(frame.machine), frame);
    floor.movedAt.set(frame.machine, performance.now());
    moved.add(frame.machine);
    count(floor, frame);
  }
  redraw(floor, [...moved]);
}

// A repetition need not wait for the next answer of the service.
function count(floor, { machine, set, rep }) {
  const tile = floor.now.items.find((each) => each.machine === machine);
  if (set === 0 || tile.set !== set || tile.rep >= rep) return;
  tile.rep = rep;
  write(floor.tiles.get(machine).node.querySelector(".place"), placeWords(tile, floor.speak));
}

function redraw(floor, machines) {
  for (const machine of machines) {
    const tile = floor.tiles.get(machine);
    if (!tile.node.hidden && floor.frames.has(machine)) drawSpark(tile.canvas, floor.frames.get(machine));
  }
  if (machines.includes(floor.machine)) drawOpened(floor);
}

function judge(floor) {
  if (floor.state === "fine" && floor.asker.isLate()) become(floor, "late");
  const condition = floor.stream.condition();
  const { words } = floor.data;
  const isOld = floor.state !== "fine"; // the stream may live all the same
  floor.root.dataset.state = isOld ? "lost" : condition;
  write(floor.root.querySelector(".status"), isOld && floor.faces ? `${words.lost} · ${floor.faces.asOf}` : words[condition]);
  const isMoving = performance.now() - (floor.movedAt.get(floor.machine) ?? -RESTING_MS) < RESTING_MS;
  const opened = condition === "live" && !isMoving ? "resting" : condition;
  write(floor.root.querySelector(".condition"), floor.machine ? words[opened] : "");
}
