// A picture of a person on each kind of machine: seat, pads, belt, and the way the arm goes. Schematic, our own.

import { svg } from "./dom.js";

const person = (...ds) => ds.map((d) => svg("path", { class: "person", d }));
const head = (cx, cy) => svg("circle", { class: "person-head", cx, cy, r: 17 });
const pad = (x, y, width, height, turn = 0) =>
  svg("rect", {
    class: "pad", x, y, width, height, rx: 7, transform: `rotate(${turn} ${x + width / 2} ${y + height / 2})`,
  });
const frame = (d) => svg("path", { class: "frame-line", d });
const belt = (d) => svg("path", { class: "belt-line", d });
const way = (d, tipX, tipY, turn) => [
  svg("path", { class: "way", d }),
  svg("path", { class: "way-tip", d: "M-9 -8 L7 0 L-9 8z", transform: `translate(${tipX} ${tipY}) rotate(${turn})` }),
];

// Seated, seen from the side, facing right; and seen from the front.
const SIDE_SEAT = [frame("M60 250H250M90 250V205M200 250V205"), pad(84, 188, 120, 18)];
const SIDE_PERSON = [
  head(132, 52),
  ...person("M130 72 L124 128 L120 178", "M120 178 L196 180 L200 240 L222 242", "M130 88 L160 124 L186 138"),
];
const SIDE_BELT = belt("M100 172 Q122 186 146 176");
const FRONT_SEAT = [frame("M80 250H220M110 250V210M190 250V210"), pad(96, 192, 108, 18)];
const FRONT_PERSON = [
  head(150, 48),
  ...person("M150 68 L150 176", "M118 92 H182", "M118 92 L104 148", "M182 92 L196 148"),
  ...person("M150 176 L122 184 L118 244", "M150 176 L178 184 L182 244"),
];
const FRONT_BELT = belt("M116 170 H184");

const DRAWINGS = {
  lumbar_extension: () => [
    ...SIDE_SEAT, ...SIDE_PERSON, SIDE_BELT, pad(92, 78, 16, 44), pad(94, 150, 14, 34),
    ...way("M190 62 A80 80 0 0 0 84 40", 82, 41, 190),
  ],
  lumbar_flexion: () => [
    ...SIDE_SEAT, ...SIDE_PERSON, SIDE_BELT, pad(142, 80, 16, 40), pad(94, 110, 14, 74),
    ...way("M96 34 A80 80 0 0 1 206 66", 207, 68, 55),
  ],
  trunk_rotation: () => [
    ...FRONT_SEAT, ...FRONT_PERSON, FRONT_BELT, pad(92, 96, 18, 46), pad(190, 96, 18, 46),
    ...way("M78 118 A74 26 0 0 0 222 118", 223, 115, -60),
  ],
  lateral_flexion: () => [
    ...FRONT_SEAT, ...FRONT_PERSON, FRONT_BELT, pad(84, 88, 18, 50), pad(198, 88, 18, 50),
    ...way("M150 16 A120 120 0 0 1 240 70", 241, 72, 55),
  ],
  neck_extension: () => [
    ...SIDE_SEAT, ...SIDE_PERSON, SIDE_BELT, pad(98, 34, 14, 38), pad(98, 88, 14, 80),
    ...way("M178 46 A56 56 0 0 0 104 16", 102, 16, 195),
  ],
  neck_lateral: () => [
    ...FRONT_SEAT, ...FRONT_PERSON, FRONT_BELT, pad(118, 32, 13, 36), pad(169, 32, 13, 36),
    ...way("M150 12 A60 60 0 0 1 206 42", 207, 44, 60),
  ],
  hip_extension: () => [
    ...SIDE_SEAT, head(126, 52),
    ...person("M124 72 L120 128 L120 176", "M120 176 L186 138 L212 190", "M124 90 L134 132 L156 160"),
    SIDE_BELT, pad(94, 84, 14, 92), pad(166, 156, 38, 14, -28), ...way("M222 112 A110 110 0 0 1 240 176", 241, 178, 85),
  ],
  hip_abduction: () => [
    ...FRONT_SEAT, ...FRONT_PERSON, FRONT_BELT, pad(96, 200, 15, 36), pad(189, 200, 15, 36),
    ...way("M196 178 H236", 238, 178, 0), ...way("M104 178 H64", 62, 178, 180),
  ],
  leg_press: () => [
    ...SIDE_SEAT, head(112, 58),
    ...person("M112 78 L118 128 L122 178", "M122 178 L176 150 L212 176", "M114 92 L138 132 L150 160"), SIDE_BELT,
    pad(88, 84, 14, 92, -6), pad(212, 136, 16, 72), ...way("M238 172 H272", 274, 172, 0),
  ],
  row: () => [
    ...SIDE_SEAT, head(132, 52),
    ...person("M130 72 L124 128 L120 178", "M120 178 L196 180 L200 240 L222 242", "M130 90 L164 112 L206 106"),
    SIDE_BELT, pad(144, 88, 14, 66), frame("M206 92V120M206 106H268"), ...way("M250 84 H206", 204, 84, 180),
  ],
};

export function figure(kind, words) {
  const drawing = DRAWINGS[kind] ?? DRAWINGS.lumbar_extension;
  return svg("svg", { class: "machine", viewBox: "40 0 250 264", role: "img", "aria-label": words }, drawing());
}
