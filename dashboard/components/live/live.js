// The floor: strip, hands-on list, tiles, and the one opened trace. The page's refresh brings new data into what
// stands already; the stream goes on.
const RESTING_MS = 3000;
const TICK_MS = 1000;
const [FEWEST, MOST] = [2, 6]; // columns of a wall display
const floors = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".floor");
  const floor = floors.get(root) ?? open(root, parentElement.querySelector(".tile-form"), data);
  floors.set(root, floor);
  floor.tell = setTriggerValue;
  show(floor, data);
  return () => {
    floor.close();
    floors.delete(root);
  };
}

function open(root, form, data) {
  const floor = { root, form, data, tiles: new Map(), frames: new Map(), movedAt: new Map(), light: data.light, machine: data.machine };
  floor.stream = listen({
    onFrames: (frames) => take(floor, frames),
    onAlive: () => judge(floor),
  });
  const tick = setInterval(() => judge(floor), TICK_MS);
  const size = new ResizeObserver(() => {
    fit(floor);
    redraw(floor, [...floor.tiles.keys()]);
  });
  size.observe(root);
  const escape = (event) => { if (event.key === "Escape") openTrace(floor, ""); };
  root.addEventListener("keydown", escape);
  root.querySelector(".close").addEventListener("click", () => openTrace(floor, ""));
  floor.close = () => {
    floor.stream.close();
    clearInterval(tick);
    size.disconnect();
  };
  return floor;
}

function show(floor, data) {
  floor.data = data;
  const { root } = floor;
  root.classList.toggle("wall", data.wall);
  root.classList.toggle("old", data.old);
  for (const label of root.querySelectorAll("[data-word]")) write(label, data.words[label.dataset.word]);
  write(root.querySelector(".as-of"), data.as_of);
  showStrip(floor);
  showHands(floor);
  const faces = new Map(data.tiles.map((face) => [face.machine, face]));
  for (const machine of floor.tiles.keys()) if (!faces.has(machine)) floor.tiles.delete(machine);
  for (const [machine, face] of faces) {
    if (!floor.tiles.has(machine)) floor.tiles.set(machine, makeTile(floor.form, (name, value) => told(floor, name, value)));
    floor.tiles.get(machine).show(face);
  }
  if (!faces.has(floor.machine)) floor.machine = "";
  arrange(root.querySelector(".tiles"), [...faces.keys()].map((machine) => floor.tiles.get(machine).node));
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
    strip.append(...floor.data.strip.map(({ light }) => {
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
  floor.data.strip.forEach(({ text }, index) => write(strip.children[index].lastElementChild, text));
}

function showHands(floor) {
  const { hands, words } = floor.data;
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

function openTrace(floor, machine) {
  if (floor.machine === machine) return;
  const before = floor.tiles.get(floor.machine);
  floor.machine = machine;
  showTrace(floor);
  const section = floor.root.querySelector(".trace");
  if (machine) section.focus();
  else before?.node.querySelector(".spark").focus();
  floor.tell("trace", machine);
}

function showTrace(floor) {
  const section = floor.root.querySelector(".trace");
  section.hidden = !floor.machine;
  for (const [machine, { node }] of floor.tiles) {
    node.querySelector(".spark").setAttribute("aria-expanded", String(machine === floor.machine));
  }
  floor.stream.to(floor.data.url, floor.machine);
  if (!floor.machine) return;
  const face = floor.data.tiles.find((each) => each.machine === floor.machine);
  write(section.querySelector("h2"), face.person ? `${face.name} · ${face.person.name}` : face.name);
  for (const each of ["angle", "torque"]) section.querySelector(`canvas.${each}`).setAttribute("aria-label", face[`${each}_of`]);
  drawOpened(floor);
}

function take(floor, frames) {
  const moved = new Set();
  for (const frame of frames) {
    if (!floor.tiles.has(frame.machine)) continue;
    if (!floor.frames.has(frame.machine)) floor.frames.set(frame.machine, []);
    remember(floor.frames.get(frame.machine), frame);
    floor.movedAt.set(frame.machine, performance.now());
    moved.add(frame.machine);
  }
  redraw(floor, [...moved]);
}

function redraw(floor, machines) {
  for (const machine of machines) {
    const tile = floor.tiles.get(machine);
    if (!tile.node.hidden && floor.frames.has(machine)) drawSpark(tile.canvas, floor.frames.get(machine));
  }
  if (machines.includes(floor.machine)) drawOpened(floor);
}

function drawOpened(floor) {
  const section = floor.root.querySelector(".trace");
  const frames = floor.frames.get(floor.machine) ?? [];
  drawTrace({ angle: section.querySelector("canvas.angle"), torque: section.querySelector("canvas.torque") }, frames);
  const last = frames.at(-1);
  const figures = last && {
    set: last.set,
    rep: last.rep,
    angle: `${Math.round(clinical(last, last.deg))}°`,
    target: last.phase === "idle" ? "–" : `${Math.round(clinical(last, last.target_deg))}°`,
    torque: `${Math.round(last.nm)} Nm`,
  };
  for (const figure of section.querySelectorAll("[data-figure]")) {
    write(figure, String(figures?.[figure.dataset.figure] ?? "–").replace("-", "−"));
  }
}

function judge(floor) {
  const condition = floor.stream.condition();
  const { words } = floor.data;
  floor.root.dataset.state = condition;
  write(floor.root.querySelector(".status"), words[condition]);
  const isMoving = performance.now() - (floor.movedAt.get(floor.machine) ?? -RESTING_MS) < RESTING_MS;
  const opened = condition === "live" && !isMoving ? "resting" : condition;
  write(floor.root.querySelector(".condition"), floor.machine ? words[opened] : "");
}
