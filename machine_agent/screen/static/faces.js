// Faces for pain 0-10, drawn for this screen: mouth and brows follow the number.

import { svg } from "./dom.js";

export function face(nrs) {
  const share = nrs / 10;
  const mouth = 30 + 6 * share; // where the corners of the mouth stand
  const middle = 40 - 14 * share; // where its middle is drawn to
  const brow = 14.5;
  const tilt = 2.6 * share;
  const eye = 2.6 - 0.8 * share;
  return svg("svg", { class: "face", viewBox: "0 0 48 48", "aria-hidden": "true" },
    svg("circle", { cx: 24, cy: 24, r: 21 }),
    svg("path", { d: `M12.5 ${brow + tilt} L19.5 ${brow - tilt}` }),
    svg("path", { d: `M35.5 ${brow + tilt} L28.5 ${brow - tilt}` }),
    svg("ellipse", { class: "eye", cx: 16.5, cy: 22, rx: 2.2, ry: eye }),
    svg("ellipse", { class: "eye", cx: 31.5, cy: 22, rx: 2.2, ry: eye }),
    svg("path", { d: `M14 ${mouth} Q24 ${middle} 34 ${mouth}` }),
    nrs >= 9 && svg("path", { class: "tear", d: "M14 27 q-3 5 0 6 q3 -1 0 -6z" }));
}
