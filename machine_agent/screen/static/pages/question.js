// One question at a time: choose, see what was chosen, continue. Digits choose, Enter continues.

import { bodyMap } from "../body.js";
import { h, say } from "../dom.js";
import { face } from "../faces.js";
import { t } from "../words.js";
import { mainButton, page, title } from "./parts.js";

const NRS = ["pain_before", "pain_set", "pain_after", "pain_next_morning"];
const TENS_MS = 900; // a 0 so soon after a 1 means ten
const SYMPTOMS = ["none", "limb", "numb_weak", "bladder_saddle", "dizzy_chest", "fall_fever"];
const upTo = (least, most) => Array.from({ length: most - least + 1 }, (_, index) => least + index);

const numbers = (least, most, wordsOf, more = () => ({})) =>
  upTo(least, most).map((value) => ({ value, sign: String(value), words: wordsOf(value), ...more(value) }));
const plain = (value, key) => ({ value, sign: t(key), words: t(key) });
const rir = (value) => ({
  value, sign: value === "many" ? "6+" : value.replace("-", "–"), words: t(`rir.${value}`), isDouble: true,
});

// What can be answered: the value that is sent, its words, and what is drawn with it.
function optionsOf(question) {
  if (NRS.includes(question)) {
    return { kind: "faces", options: numbers(0, 10, (nrs) => t(`nrs.${nrs}`), (nrs) => ({ picture: face(nrs) })) };
  }
  switch (question) {
    case "spasm":
    case "tick":
      return { kind: "two", options: [plain(0, "button.no"), plain(1, "button.yes")] };
    case "new_symptoms":
      return { kind: "list", options: SYMPTOMS.map((name) => plain(name, `symptom.${name}`)) };
    case "rir":
      return { kind: "four", options: ["0", "1-2", "3-5", "many"].map(rir) };
    case "rpe":
      return { kind: "eleven", options: numbers(0, 10, (rpe) => t(`rpe.${rpe}`)) };
    case "readiness":
      return { kind: "five", options: numbers(1, 5, (one) => t(`readiness.${one}`), () => ({ isDouble: true })) };
    default:
      return { kind: "body", options: [] };
  }
}

const ends = () =>
  h("p", { class: "ends muted", "aria-hidden": "true" },
    h("span", {}, t("ask.nrs_least")), h("span", {}, t("ask.nrs_most")));

export function question(context) {
  const [open] = context.view.questions;
  const name = open.question;
  const { kind, options } = optionsOf(name);
  let chosen = null;
  let digitAt = 0;
  const told = h("p", { class: "chosen", role: "status" });
  const next = mainButton("continue", t("button.continue"), answer, "check");
  next.disabled = true;

  function choose(value, words) {
    chosen = value;
    say(told, t("ask.chosen", { answer: kind === "faces" || kind === "eleven" ? `${value} · ${words}` : words }));
    buttons.forEach((one, index) => one.setAttribute("aria-pressed", String(options[index].value === value)));
    next.disabled = false;
  }
  async function answer() {
    if (chosen === null) return;
    next.disabled = true;
    next.disabled = await context.touch({ kind: "reply", question: name, value: chosen });
  }
  const buttons = options.map(({ value, sign, words, picture, isDouble }) =>
    h("button", {
      class: "option", "aria-pressed": "false", "data-value": value,
      "aria-label": sign === words ? words : `${sign}: ${words}`, onclick: () => choose(value, words),
    }, picture, h("b", {}, sign), isDouble && h("span", {}, words)));
  const body = kind === "body" && bodyMap((value) => choose(value, t(`site.${value}`)));
  const field = body
    ? body.field
    : h("div", { class: `options ${kind}`, role: "group", "aria-label": t(`ask.${name}`) }, buttons);

  function onKey(event) {
    if (event.key === "Enter" && chosen !== null && !event.target.matches(".option, .region")) {
      answer();
      return true;
    }
    if (!/^\d$/.test(event.key) || kind === "body") return false;
    const digit = Number(event.key);
    const isTen = digit === 0 && chosen === 1 && performance.now() - digitAt < TENS_MS && options.length > 10;
    digitAt = performance.now();
    const isNumbered = typeof options[0].value === "number" && kind !== "two";
    const found = isNumbered ? options.find(({ value }) => value === (isTen ? 10 : digit)) : options[digit - 1];
    if (found) choose(found.value, found.words);
    return Boolean(found);
  }
  const node = page(`question ${kind}`,
    title(t(`ask.${name}`)),
    (name === "spasm" || name === "pain_site") && h("p", { class: "muted" }, t(`ask.${name}_more`)),
    field,
    kind === "faces" && ends(),
    h("div", { class: "row answer" }, body && body.nowhere, told, next));
  return { node, update: () => {}, onKey };
}
