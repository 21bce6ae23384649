// A pad of digits, or of letters and digits, for fingers and for a keyboard; a secret shows as dots.
// What is half typed is forgotten when no key comes: it must not wait for the next person.

import { h, say } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const DIGITS = [..."123456789"];
const SIGNS = [..."1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const LONGEST = 32;
const FORGET_MS = 15_000; // without a key

export function keypad({ isSecret, hasLetters = false, label, done, onDone, onForget }) {
  const fitting = hasLetters ? /^[\w-]$/ : /^\d$/;
  let text = "";
  let idle = null;
  const shown = h("output", { class: "keypad-shown", "aria-label": label });
  const ready = h("button", { class: "main", onclick: finish }, icon("check"), done);
  const show = () => {
    say(shown, isSecret ? "●".repeat(text.length) : text);
    const told = isSecret ? t("welcome.digits_entered", { count: text.length }) : text;
    shown.setAttribute("aria-label", `${label} ${told}`);
    ready.disabled = text === "";
  };
  function add(sign) {
    if (text.length < LONGEST) text += sign;
    watch();
    show();
  }
  function cut() {
    text = text.slice(0, -1);
    watch();
    show();
  }
  function finish() {
    const entered = text;
    forget();
    if (entered) onDone(entered);
  }
  function forget() {
    clearTimeout(idle);
    text = "";
    show();
  }
  function watch() {
    clearTimeout(idle);
    idle = setTimeout(() => { forget(); onForget?.(); }, FORGET_MS);
  }
  const sign = (one) => h("button", { "data-fast": true, onclick: () => add(one) }, one);
  const cutter = h("button", {
    "data-fast": true, class: "quiet", "aria-label": t("button.delete"), onclick: cut,
  }, icon("delete"));
  const keys = hasLetters
    ? [...SIGNS.map(sign), cutter]
    : [...DIGITS.map(sign), h("span"), sign("0"), cutter];
  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "Backspace") cut();
    else if (event.key === "Enter" && text) finish();
    else if (fitting.test(event.key)) add(event.key.toUpperCase());
    else return false;
    return true;
  };
  show();
  const pad = h("div", { class: hasLetters ? "keypad-keys letters" : "keypad-keys" }, keys);
  return { shown, pad, ready, onKey, forget, watch };
}
