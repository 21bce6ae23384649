// The one opened trace: which machine is shown large, and its picture and figures.
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
  const opened = floor.faces.tiles.find((each) => each.machine === floor.machine);
  write(section.querySelector("h2"), opened.person ? `${opened.name} · ${opened.person.name}` : opened.name);
  section.querySelector("canvas.angle").setAttribute("aria-label", opened.angleOf);
  section.querySelector("canvas.torque").setAttribute("aria-label", opened.torqueOf);
  drawOpened(floor);
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
