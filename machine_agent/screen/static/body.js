// The body from the front and from behind; a tap names a place. Left and right are the person's own.

import { h, svg } from "./dom.js";
import { t } from "./words.js";

// Places as rounded boxes in a 240 x 300 drawing: x, y, width, height, roundness.
const FRONT = {
  neck: [98, 42, 44, 26, 12],
  shoulder_right: [46, 70, 46, 44, 20],
  chest: [94, 70, 52, 44, 10],
  shoulder_left: [148, 70, 46, 44, 20],
  arm_right: [28, 116, 34, 92, 17],
  belly: [66, 116, 108, 56, 12],
  arm_left: [178, 116, 34, 92, 17],
  groin: [66, 174, 108, 32, 14],
  thigh_right: [66, 208, 53, 46, 14],
  thigh_left: [121, 208, 53, 46, 14],
  lower_leg_right: [70, 256, 48, 42, 16],
  lower_leg_left: [122, 256, 48, 42, 16],
};
const REAR = {
  neck: [98, 42, 44, 26, 12],
  shoulder_left: [46, 70, 46, 44, 20],
  upper_back: [94, 70, 52, 44, 10],
  shoulder_right: [148, 70, 46, 44, 20],
  arm_left: [28, 116, 34, 92, 17],
  middle_back: [66, 116, 108, 34, 10],
  arm_right: [178, 116, 34, 92, 17],
  low_back_left: [66, 152, 34, 40, 10],
  low_back: [102, 152, 36, 40, 8],
  low_back_right: [140, 152, 34, 40, 10],
  buttock_left: [66, 194, 53, 36, 14],
  buttock_right: [121, 194, 53, 36, 14],
  thigh_left: [66, 232, 53, 34, 12],
  thigh_right: [121, 232, 53, 34, 12],
  lower_leg_left: [70, 268, 48, 30, 14],
  lower_leg_right: [122, 268, 48, 30, 14],
};

export function bodyMap(onChosen) {
  const regions = [];
  const choose = (name, region) => {
    regions.forEach((one) => one.setAttribute("aria-pressed", String(one === region)));
    onChosen(name);
  };
  const nowhere = h("button", {
    class: "option", "aria-pressed": "false", "data-value": "none", onclick: () => choose("none", nowhere),
  }, t("site.none"));
  regions.push(nowhere);
  const view = (words, places) => h("figure", {},
    svg("svg", { class: "body-map", viewBox: "20 0 200 300", role: "group", "aria-label": words },
      svg("circle", { class: "head", cx: 120, cy: 21, r: 19 }),
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
  return { field: h("div", { class: "bodies" }, view(t("site.front"), FRONT), view(t("site.rear"), REAR)), nowhere };
}
