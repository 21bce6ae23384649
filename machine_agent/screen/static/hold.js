// A button that acts while it is held, by finger, mouse, Space or Enter.

import { h } from "./dom.js";

// `everyMs`: call `onTick` again and again; `afterMs`: call `onDone` once when held for so long.
export function holdButton({ label, kind, everyMs = 0, onTick, afterMs = 0, onDone }) {
  let ticking = null;
  let waiting = null;
  const begin = () => {
    if (button.classList.contains("held")) return;
    button.classList.add("held");
    if (everyMs) {
      onTick();
      ticking = setInterval(onTick, everyMs);
    }
    if (afterMs) waiting = setTimeout(() => { end(); onDone(); }, afterMs);
  };
  const end = () => {
    clearInterval(ticking);
    clearTimeout(waiting);
    button.classList.remove("held");
  };
  const isKey = (event) => event.key === " " || event.key === "Enter";
  const button = h("button", {
    class: `hold ${kind}`,
    onpointerdown: (event) => { event.preventDefault(); button.focus(); begin(); },
    onpointerup: end,
    onpointercancel: end,
    onpointerleave: end,
    onblur: end,
    oncontextmenu: (event) => event.preventDefault(),
    onkeydown: (event) => { if (isKey(event)) { event.preventDefault(); begin(); } },
    onkeyup: (event) => { if (isKey(event)) end(); },
  }, h("span", { class: "hold-fill", "aria-hidden": "true" }), h("span", { class: "hold-label" }, label));
  document.addEventListener("visibilitychange", end);
  return { node: button, stop: () => { end(); document.removeEventListener("visibilitychange", end); } };
}
