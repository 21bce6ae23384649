// Between the sets: what was done, what comes next and why, and how long the rest still is. And the end.

import { h, say, svg } from "../dom.js";
import * as format from "../format.js";
import { icon } from "../icons.js";
import { beep } from "../sound.js";
import { has, t } from "../words.js";
import { fact, joined, lead, mainButton, page, row, title } from "./parts.js";
import { doseOf, reasons, sideOf } from "./ready.js";

const ROUND = 2 * Math.PI * 52; // of the ring

export function rest(context) {
  const done = h("p", { class: "done" });
  const next = h("div", { class: "next" });
  const number = h("b");
  const arc = svg("circle", { class: "ring-left", cx: 60, cy: 60, r: 52, "stroke-dasharray": ROUND });
  const node = page("rest",
    h("div", { class: "ring-box", role: "timer" },
      svg("svg", { class: "ring", viewBox: "0 0 120 120", "aria-hidden": "true" },
        svg("circle", { class: "ring-all", cx: 60, cy: 60, r: 52 }), arc),
      h("div", { class: "ring-words" }, number, h("span", {}, t("rest.seconds")))),
    h("div", { class: "rest-words" }, title(t("rest.title")), done, next));
  const { memory, view: first } = context;
  if (memory.rest?.set !== first.set) memory.rest = { set: first.set, whole_ms: Math.max(first.rest_left_ms, 1000) };
  const { whole_ms } = memory.rest;
  let drawn = "";
  let lastLeft = null;

  function update({ view, last_set }) {
    const left = format.seconds(view.rest_left_ms);
    say(number, left);
    arc.setAttribute("stroke-dashoffset", String(ROUND * (1 - Math.min(view.rest_left_ms / whole_ms, 1))));
    if (left !== lastLeft && left > 0 && left <= 3) beep("count");
    lastLeft = left;
    say(done, last_set ? joined(t(`ended.${last_set.ended_by}`), t("rest.done", { reps: last_set.reps })) : "");
    const now = JSON.stringify([view.row, last_set]);
    if (now === drawn) return;
    drawn = now;
    next.replaceChildren(...(view.row ? upcoming(view, last_set) : []));
  }
  return { node, update };
}

function upcoming(view, lastSet) {
  const set = view.row;
  return [
    h("h2", {}, joined(t("rest.next"), sideOf(set))),
    reasons(set, lastSet),
    h("dl", { class: "facts" },
      fact(t("ready.load"), format.loadOf(set), "big"),
      fact(t("ready.dose"), doseOf(set)),
      fact(t("ready.movement"), format.range(view.kind, set))),
  ];
}

// A machine by its kind, or a station without one; what has no words yet goes by its name.
function nameOf({ kind, name }) {
  const key = [`kind.${kind}`, `station.${kind}`].find(has);
  return key ? t(key) : name;
}

export function goodbye(context) {
  const { view, last_set } = context.snapshot;
  const { next } = view;
  const name = view.greeting ? t("goodbye.title", { name: view.greeting }) : t("goodbye.title_nameless");
  const node = page("calm goodbye",
    h("div", { class: "halo" }, icon("check")),
    title(name),
    lead(t(last_set ? "goodbye.text" : "goodbye.text_none")),
    next
      ? h("div", { class: "station" }, h("h2", {}, t("goodbye.next")), h("p", { class: "station-name" }, nameOf(next)),
        h("p", { class: "muted" },
          joined(t("goodbye.minutes", { minutes: next.minutes }), next.guided ? t("goodbye.guided") : "")))
      : h("p", { class: "muted" }, t("goodbye.last")),
    row(mainButton("finish", t("goodbye.finish"), () => context.touch({ kind: "sign_off" }), "check")));
  return { node, update: () => {} };
}
