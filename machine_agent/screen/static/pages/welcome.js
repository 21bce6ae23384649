// Sign-in: a badge or QR reader types like a keyboard and ends with Enter; or a code and its PIN.

import { h, say } from "../dom.js";
import { minutes } from "../format.js";
import { icon } from "../icons.js";
import { keypad } from "../keypad.js";
import { language, t } from "../words.js";
import { button, lead, page, row, title } from "./parts.js";

const FORGET_MS = 3000; // a badge reader is faster; half a badge must not wait for the next person
const IDENTITY_MOST = 64; // characters (protocol, `sign_in`)

export function welcome(context) {
  let step = badge(context, toCode);
  const node = h("div", { class: "steps" }, step.node);
  function go(next) {
    step.end?.();
    step = next;
    node.replaceChildren(step.node);
    node.querySelector("h1")?.focus();
  }
  function toCode() {
    go(entry("code", (code) => go(entry("pin", (pin) => {
      context.touch({ kind: "identify", code, pin });
      go(badge(context, toCode));
    }, toBadge)), toBadge));
  }
  function toBadge() {
    go(badge(context, toCode));
  }
  return {
    node, update: ({ view }) => step.update(view), onKey: (event) => step.onKey(event), end: () => step.end?.(),
  };
}

function badge(context, toCode) {
  let text = "";
  let forget = null;
  const reading = h("p", { class: "reading", role: "status" });
  const locked = h("p", { class: "told", role: "status" });
  const show = () => say(reading, text ? `${t("welcome.reading")} ${"●".repeat(Math.min(text.length, 12))}` : "");
  const clear = () => { text = ""; show(); };
  function onKey(event) {
    if (event.key === "Enter" && text) {
      context.touch({ kind: "identify", badge: text });
      clear();
      return true;
    }
    if (event.key.length !== 1 || (event.key === " " && !text)) return false;
    if (text.length < IDENTITY_MOST) text += event.key;
    clearTimeout(forget);
    forget = setTimeout(clear, FORGET_MS);
    show();
    return true;
  }
  const node = page("welcome",
    h("div", { class: "welcome-sign" }, h("div", { class: "halo" }, icon("badge"))),
    h("div", { class: "welcome-words" },
      title(t("welcome.title")),
      lead(t("welcome.badge")),
      reading,
      locked,
      button("code", t("welcome.with_code"), toCode, "keypad"),
      h("div", { class: "languages", role: "group", "aria-label": t("welcome.language") },
        choice(context, "en", "English"), choice(context, "zh", "中文"))));
  const update = ({ locked_left_ms: left_ms }) =>
    say(locked, left_ms > 0 ? t("frame.locked", { minutes: minutes(left_ms) }) : "");
  return { node, onKey, update };
}

function choice(context, tag, name) {
  const isChosen = language() === tag;
  return h("button", {
    lang: tag === "zh" ? "zh-HK" : "en", "aria-pressed": String(isChosen), "data-do": `language-${tag}`,
    onclick: () => context.speakIn(tag),
  }, isChosen && icon("check"), name);
}

function entry(what, onDone, onBack) {
  const isPin = what === "pin";
  const done = t(isPin ? "welcome.sign_in" : "button.continue");
  const label = t(`welcome.${what}`);
  const keys = keypad({ isSecret: isPin, hasLetters: !isPin, label, done, onDone, onForget: onBack });
  if (isPin) keys.watch(); // the code is already known
  const node = page(`entry ${what}`,
    h("div", { class: "entry-words" },
      h("h1", { tabindex: "-1" }, label),
      h("p", { class: "muted" }, t(`welcome.${what}_hint`)),
      keys.shown,
      row(button("back", t("button.back"), onBack, "back"), keys.ready)),
    keys.pad);
  return { node, onKey: keys.onKey, update: () => {}, end: keys.forget };
}
