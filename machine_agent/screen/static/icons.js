// The icons, drawn for this screen: strokes in a 24 x 24 box.

import { svg } from "./dom.js";

const PATHS = {
  pain: ["M13 2 5 13h6l-1 9 9-12h-6z"],
  unwell: [
    "M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0", "M8 9.5l2 2m0-2-2 2M14 9.5l2 2m0-2-2 2", "M8 17c1-2 2-1 4-2s3 0 4 2",
  ],
  too_heavy: ["M4 9v6M7 7v10M17 7v10M20 9v6M7 12h10", "M9 21h6"],
  pause: ["M8 5v14M16 5v14"],
  leave: ["M14 4h5v16h-5", "M14 12H4m4-4-4 4 4 4"],
  sound_on: ["M4 9v6h4l5 4V5L8 9z", "M16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"],
  sound_off: ["M4 9v6h4l5 4V5L8 9z", "M17 9.5l5 5m0-5-5 5"],
  link_ok: ["M2 9a15 15 0 0 1 20 0M5.5 12.5a10 10 0 0 1 13 0M9 16a5 5 0 0 1 6 0", "M12 19.5h.01"],
  link_degraded: ["M5.5 12.5a10 10 0 0 1 13 0M9 16a5 5 0 0 1 6 0", "M12 19.5h.01", "M12 4v5"],
  link_lost: ["M2 9a15 15 0 0 1 20 0M9 16a5 5 0 0 1 6 0", "M12 19.5h.01", "M4 3l16 18"],
  stored: ["M5 4h11l3 3v13H5z", "M8 4v5h7V4M8 20v-6h8v6"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  check: ["M4 13l5 5L20 6"],
  close: ["M5 5l14 14M19 5 5 19"],
  back: ["M20 12H5m6-6-6 6 6 6"],
  delete: ["M9 6h11v12H9l-6-6z", "M12 9.5l5 5m0-5-5 5"],
  badge: [
    "M6 3h12v18H6z", "M10 6h4", "M12 12.5m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0", "M8.5 18c.5-2 6.5-2 7 0",
  ],
  keypad: ["M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01"],
  warning: ["M12 3 2 20h20z", "M12 10v4M12 17h.01"],
  hand: [
    "M8 12V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11 6a1.5 1.5 0 0 1 3 0v9c0 4-2.5 6-5.5 6-3 0-4.5-1.5-6.5-5" +
      "l-1.5-3c-.6-1.6 1.3-2.5 2.3-1z",
  ],
  breath: ["M3 9h10a3 3 0 1 0-3-3M3 13h15a3 3 0 1 1-3 3M3 17h7"],
  further: ["M4 12h14m-5-5 5 5-5 5M21 5v14"],
  slower: ["M4 18a8 8 0 1 1 16 0", "M12 18l-4-5"],
  posture: ["M9 4m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0", "M9 8v7h6v6", "M18 6v10H9"],
  hold: ["M7 5h10M7 19h10M12 8v8"],
  up: ["M12 20V5m-6 6 6-6 6 6"],
  equal: ["M5 9h14M5 15h14"],
  down: ["M12 4v15m-6-6 6 6 6-6"],
  clock: ["M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0", "M12 7v5l3 2"],
};

export const icon = (name) =>
  svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    PATHS[name].map((d) => svg("path", { d })));
