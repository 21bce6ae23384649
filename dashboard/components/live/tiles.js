// One tile a machine. A tile is made once and then only changed where it differs, so that nothing blinks and the
// focus stays; what is old is grey.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Rows that stay the same stay the same nodes; where the one that had the focus goes, its neighbour has it, or `home`.
function list(node, rows, make, home = null) {
  const marked = JSON.stringify(rows);
  if (node.dataset.rows === marked) return;
  node.dataset.rows = marked;
  const focused = node.getRootNode().activeElement;
  const place = [...node.children].findIndex((one) => one.contains(focused));
  const known = new Map([...node.children].map((one) => [one.dataset.row, one]));
  arrange(node, rows.map((row) => {
    const told = JSON.stringify(row);
    const made = known.get(told) ?? make(row);
    made.dataset.row = told;
    return made;
  }));
  if (place < 0 || node.contains(focused)) return;
  const next = home ?? node.children[Math.min(place, rows.length - 1)];
  (home ?? next?.querySelector("button") ?? next)?.focus();
}

function element(name, text, dress = {}) {
  const made = Object.assign(document.createElement(name), dress);
  made.textContent = text;
  return made;
}

function sign(light) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${light}`);
  drawn.append(use);
  return drawn;
}

function makeTile(form, tell) {
  const node = form.content.firstElementChild.cloneNode(true);
  const find = (name) => node.querySelector(name);
  const tile = { node, machine: "", person: "", shown: "", canvas: find(".spark canvas") };
  find(".spark").addEventListener("click", () => tell("trace", tile.machine));
  find(".person a").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab is the browser's own
    event.preventDefault();
    tell("person", tile.person);
  });
  tile.show = (face) => {
    const marked = JSON.stringify(face);
    if (tile.shown === marked) return;
    Object.assign(tile, { shown: marked, machine: face.machine, person: face.person?.id });
    tile.seen = { machine: face.machine, name: face.name, session: face.session, patient: face.person?.id ?? null };
    node.dataset.light = face.light;
    node.dataset.machine = face.machine;
    node.classList.toggle("grey", face.grey);
    node.setAttribute("aria-label", face.name);
    find("use").setAttribute("href", `#${face.light}`);
    for (const part of ["name", "station", "gone", "place", "load", "window", "last"]) write(find(`.${part}`), face[part]);
    find(".dose").hidden = !face.load;
    write(find(".word"), face.lightWord);
    const link = find(".person a");
    find(".person").hidden = !face.person;
    write(link, face.person?.name ?? "");
    if (face.person) link.href = face.person.href;
    list(find(".notices"), face.notices, ({ text, alarm }) => element("li", text, { className: alarm ? "alarm" : "" }));
    find(".spark").setAttribute("aria-label", face.spark);
    find(".spark").hidden = face.still;
    list(find(".acts"), face.acts, ({ act, word, told }) => {
      const button = element("button", word, { type: "button", className: act });
      button.setAttribute("aria-label", told);
      button.addEventListener("click", () => tell("act", { act, ...tile.seen }));
      return button;
    }, node); // not its neighbour: who is about to press Hold must not press Stop
  };
  return tile;
}

// Put tiles in their order; those that stand right are left alone, and the focus is given back.
function arrange(grid, nodes) {
  const focused = grid.getRootNode().activeElement;
  nodes.forEach((node, index) => {
    if (grid.children[index] !== node) grid.insertBefore(node, grid.children[index] ?? null);
  });
  while (grid.children.length > nodes.length) grid.lastElementChild.remove();
  if (focused && grid.contains(focused) && grid.getRootNode().activeElement !== focused) focused.focus();
}
