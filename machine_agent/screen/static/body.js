// The body from the front and from behind; a tap names a place. Left and right are the person's own.

import { h, svg } from "./dom.js";
import { t } from "./words.js";

// Places as rounded boxes in a 200 x 320 drawing: x, y, width, height, roundness.
const FRONT = {
  neck: [82, 46, 36, 30, 12],
  shoulder_right: [38, 76, 42, 42, 18],
  shoulder_left: [120, 76, 42, 42, 18],
  chest: [80, 76, 40, 52, 12],
  belly: [66, 130, 68, 48, 16],
  groin: [66, 180, 68, 30, 14],
  arm_right: [24, 120, 34, 90, 16],
  arm_left: [142, 120, 34, 90, 16],
  thigh_right: [62, 212, 37, 50, 16],
  thigh_left: [101, 212, 37, 50, 16],
  lower_leg_right: [64, 264, 35, 52, 16],
  lower_leg_left: [101, 264, 35, 52, 16],
};
const REAR = {
  neck: [82, 46, 36, 30, 12],
  shoulder_left: [38, 76, 36, 42, 18],
  shoulder_right: [126, 76, 36, 42, 18],
  upper_back: [75, 78, 50, 40, 14],
  middle_back: [66, 120, 68, 32, 12],
  low_back_left: [62, 154, 24, 36, 10],
  low_back: [87, 154, 26, 36, 8],
  low_back_right: [114, 154, 24, 36, 10],
  buttock_left: [60, 192, 39, 34, 16],
  buttock_right: [101, 192, 39, 34, 16],
  thigh_left: [62, 228, 37, 40, 16],
  thigh_right: [101, 228, 37, 40, 16],
  lower_leg_left: [64, 270, 35, 46, 16],
  lower_leg_right: [101, 270, 35, 46, 16],
};

export function bodyMap(onChosen) {
  const regions = [];
  const choose = (name, region) => {
    regions.forEach((one) => one.setAttribute("aria-pressed", String(one === region)));
    onChosen(name);
  };
  const nowhere = h("button", { type: "button", class: "option", "aria-pressed": "false", "data-value": "none", onclick: () => choose("none", nowhere) }, t("site.none"));
  regions.push(nowhere);
  const view = (words, places) => h("figure", {},
    svg("svg", { class: "body-map", viewBox: "14 4 172 316", role: "group", "aria-label": words },
      svg("circle", { class: "head", cx: 100, cy: 26, r: 20 }),
      Object.entries(places).map(([name, [x, y, width, height, round]]) => {
        const act = () => choose(name, region);
        const region = svg("rect", {
          class: "region", x, y, width, height, rx: round, role: "button", tabindex: 0,
          "aria-label": t(`site.${name}`), "aria-pressed": "false", "data-value": name,
          onclick: act,
          onkeydown: (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); act(); } },
        });
        regions.push(region);
        return region;
      })),
    h("figcaption", {}, words));
  return h("div", { class: "bodies" }, view(t("site.front"), FRONT), view(t("site.rear"), REAR), nowhere);
}
