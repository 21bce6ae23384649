// Before a set: what it is, why it is so, and 3-2-1 after Start.

import { h, say } from "../dom.js";
import * as format from "../format.js";
import { icon } from "../icons.js";
import { beep, speak } from "../sound.js";
import { directionOf, sentences } from "../why.js";
import { t } from "../words.js";
import { fact, joined, mainButton, page, row, title } from "./parts.js";

const COUNT_FROM = 3;
const COUNT_MS = 1000;
const ANSWER_MS = 2500; // the agent starts at once, or not at all

const TESTS = ["mobility", "isometric"];

export const doseOf = ({ work_ms, reps }) =>
  work_ms > 0 ? t("ready.seconds", { seconds: format.whole(work_ms) }) : t("ready.reps", { reps });
export const sideOf = (set) => (set.side === "both" ? "" : t(`ready.side_${set.side}`));

export function reasons(set, lastSet) {
  const direction = directionOf(set.why);
  const texts = sentences(set.why, lastSet).map((text) => h("p", {}, text));
  return h("div", { class: `why ${direction}` }, icon(direction), h("div", {}, texts));
}

function headline(set) {
  const key = TESTS.includes(set.mode) || set.mode === "warm_up" ? `ready.title_${set.mode}` : "ready.title";
  const text = t(key, { set: set.set });
  return joined(text, sideOf(set));
}

// What the set is and why; the service may still change it while the page is shown.
function what({ view, last_set }) {
  const set = view.row;
  if (TESTS.includes(set.mode)) return [h("p", { class: "lead" }, t(`ready.text_${set.mode}`))];
  const [out, , back] = set.tempo_ms;
  const pace = t("ready.tempo_value", { out: format.whole(out), back: format.whole(back) });
  return [
    reasons(set, last_set),
    h("dl", { class: "facts" },
      fact(t("ready.load"), format.loadOf(set), "big"),
      fact(t("ready.dose"), doseOf(set)),
      fact(t("ready.movement"), format.range(view.kind, set)),
      out > 0 && back > 0 && fact(t("ready.tempo"), pace, "wide-only")),
  ];
}

// Who has pressed Start goes on to less, never to more than was shown.
const isMore = (set, begun) => set.load_g > begun.load_g || set.end_cdeg > begun.end_cdeg || set.side !== begun.side;

export function ready(context) {
  const timers = [];
  let shown = [];
  let drawn = "";
  let begun = null; // the set for which Start was pressed
  const heading = title("");
  const start = row(mainButton("start", t("button.start"), begin, "check"));
  const node = page("ready", heading, start);

  function begin() {
    begun = context.view.row;
    countDown(context, node, timers, back);
  }
  function back() {
    begun = null;
    timers.splice(0).forEach(clearTimeout);
    node.replaceChildren(heading, ...shown, start);
    update(context.snapshot);
  }
  function update(snapshot) {
    const { row: set } = snapshot.view;
    const now = JSON.stringify([set, snapshot.last_set]);
    if (!set || now === drawn) return;
    if (begun && !isMore(set, begun)) return;
    if (begun) {
      back();
      return;
    }
    drawn = now;
    say(heading, headline(set));
    shown.forEach((part) => part.remove());
    shown = what(snapshot);
    heading.after(...shown);
  }
  update(context.snapshot);
  return { node, update, end: () => timers.forEach(clearTimeout) };
}

function countDown(context, node, timers, onRefused) {
  const number = h("div", { class: "count-down", "aria-hidden": "true" });
  node.replaceChildren(h("h1", { tabindex: "-1" }, t("ready.countdown")), number);
  speak(t("ready.countdown"));
  const count = (left) => {
    say(number, left);
    number.dataset.left = left;
    beep("ready");
  };
  for (let left = COUNT_FROM; left > 0; left -= 1) {
    timers.push(setTimeout(count, (COUNT_FROM - left) * COUNT_MS, left));
  }
  timers.push(setTimeout(async () => {
    beep("go");
    await context.touch({ kind: "start" });
    timers.push(setTimeout(onRefused, ANSWER_MS));
  }, COUNT_FROM * COUNT_MS));
}
