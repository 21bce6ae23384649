// A row of large buttons: the way between pages, faces for pain, or answers to a question. What is tapped is a value
// with a mark of its own, not a trigger: it stays until the page has taken it, whatever is tapped meanwhile.
const SVG = "http://www.w3.org/2000/svg";
const shown = new WeakMap(); // by root: what it shows

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".taps");
  const showing = JSON.stringify(data);
  if (shown.get(root) === showing) return; // a button that is being pressed must not be exchanged for another
  shown.set(root, showing);
  root.dataset.style = data.style;
  root.setAttribute("role", data.style === "bar" ? "navigation" : "group");
  root.setAttribute("aria-label", data.label);
  root.replaceChildren(...data.options.map((option) => button(option, data, setStateValue)));
}

function button(option, data, setStateValue) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.value = option.value;
  const isChosen = option.value === data.chosen;
  if (data.style !== "bar") made.setAttribute("aria-pressed", String(isChosen));
  else if (isChosen) made.setAttribute("aria-current", "page");
  if (option.spoken) made.setAttribute("aria-label", option.spoken);
  if (option.face !== undefined && option.face !== null) made.append(face(option.face));
  if (option.icon) made.append(drawn(option.icon));
  const words = document.createElement("span");
  words.textContent = option.words;
  made.append(words);
  made.addEventListener("click", () => {
    if (data.style !== "bar") {
      for (const one of made.parentElement.children) one.setAttribute("aria-pressed", String(one === made));
    }
    setStateValue("tapped", { mark: `${data.session} ${Date.now()} ${Math.random()}`, value: option.value });
  });
  return made;
}

function drawn(path) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

// 0 smiles, 1 frowns; between them the mouth bends the other way.
function face(pain) {
  const bend = 17 + 4 * (1 - 2 * pain);
  return drawn(`M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0M8.5 9.2v.6M15.5 9.2v.6M7.5 ${17 - 2 * (1 - 2 * pain)}Q12 ${bend} 16.5 ${17 - 2 * (1 - 2 * pain)}`);
}
