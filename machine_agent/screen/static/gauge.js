// The gauge of a test: one number that grows, as an arc, with the best try so far marked on it.

import { h, say, svg } from "./dom.js";

const ROOM = 1.25; // beyond the best, so that the arc is never full
const ROUND = Math.PI * 80; // of the half circle

export function makeGauge(most) {
  const all = svg("path", { class: "gauge-all", d: "M20 100 A80 80 0 0 1 180 100" });
  const part = svg("path", { class: "gauge-part", d: "M20 100 A80 80 0 0 1 180 100", "stroke-dasharray": ROUND });
  const mark = svg("line", { class: "gauge-best", x1: 30, y1: 100, x2: 10, y2: 100 });
  const number = h("b", { class: "gauge-number" });
  const drawing = svg("svg", { viewBox: "0 0 200 112", "aria-hidden": "true" }, all, part, mark);
  const node = h("div", { class: "gauge" }, drawing, number);
  let scale = most;
  const share = (value) => Math.min(Math.max(value / scale, 0), 1);
  function show(value, best, text) {
    scale = Math.max(scale, value * ROOM, best * ROOM);
    part.setAttribute("stroke-dashoffset", String(ROUND * (1 - share(value))));
    mark.setAttribute("transform", `rotate(${180 * share(best)} 100 100)`);
    mark.setAttribute("visibility", best > 0 ? "visible" : "hidden");
    say(number, text);
  }
  return { node, show };
}
