// Before a set: what it is, why it is so, and 3-2-1 after Start.

import { h, say } from "../dom.js";
import * as format from "../format.js";
import { icon } from "../icons.js";
import { beep, speak } from "../sound.js";
import { directionOf, sentences } from "../why.js";
import { t } from "../words.js";
import { button, fact, page, row, title } from "./parts.js";

const COUNT_FROM = 3;
const COUNT_MS = 1000;
const ANSWER_MS = 2500; // the agent starts at once, or not at all

const TESTS = ["mobility", "isometric"];

export const doseOf = (set) => (set.work_ms > 0 ? t("ready.seconds", { seconds: format.whole(set.work_ms) }) : t("ready.reps", { reps: set.reps }));
export const sideOf = (set) => (set.side === "both" ? "" : t(`ready.side_${set.side}`));

export function reasons(set, lastSet) {
  const direction = directionOf(set.why);
  return h("div", { class: `why ${direction}` }, icon(direction), h("div", {}, sentences(set.why, lastSet).map((text) => h("p", {}, text))));
}

function headline(set) {
  const key = TESTS.includes(set.mode) || set.mode === "warm_up" ? `ready.title_${set.mode}` : "ready.title";
  const text = t(key, { set: set.set });
  return set.side === "both" ? text : `${text} · ${sideOf(set)}`;
}

export function ready(context) {
  const { view, last_set } = context.snapshot;
  const set = view.row;
  const isTest = TESTS.includes(set.mode);
  const load_now = h("dd");
  const start = button("start", t("button.start"), () => countDown(context, node, timers), { isMain: true, sign: "check" });
  const timers = [];
  const [out, , back] = set.tempo_ms;
  const node = page("ready",
    title(headline(set)),
    isTest ? h("p", { class: "lead" }, t(`ready.text_${set.mode}`)) : reasons(set, last_set),
    !isTest && h("dl", { class: "facts" },
      h("div", { class: "fact big" }, h("dt", {}, t("ready.load")), load_now),
      fact(t("ready.dose"), doseOf(set)),
      fact(t("ready.movement"), format.range(view.kind, set)),
      out > 0 && back > 0 && fact(t("ready.tempo"), t("ready.tempo_value", { out: format.whole(out), back: format.whole(back) }), "wide-only")),
    row(start));
  return {
    node,
    update: ({ view: now }) => say(load_now, now.row && now.row.load_g > 0 ? format.load(now.row.load_g) : t("confirm.no_load")),
    end: () => timers.forEach(clearTimeout),
  };
}

function countDown(context, node, timers) {
  const number = h("div", { class: "count-down", "aria-hidden": "true" });
  const restore = [...node.childNodes];
  node.replaceChildren(h("h1", { tabindex: "-1" }, t("ready.countdown")), number);
  speak(t("ready.countdown"));
  for (let left = COUNT_FROM; left > 0; left -= 1) {
    timers.push(setTimeout(() => { say(number, left); number.dataset.left = left; beep("ready"); }, (COUNT_FROM - left) * COUNT_MS));
  }
  timers.push(setTimeout(async () => {
    beep("go");
    await context.touch({ kind: "start" });
    timers.push(setTimeout(() => node.replaceChildren(...restore), ANSWER_MS));
  }, COUNT_FROM * COUNT_MS));
}
