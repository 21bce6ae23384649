// What stands around every page: who and where, the link, language and sound; the buttons that always work.

import { h, say } from "./dom.js";
import { seconds, timeOf } from "./format.js";
import { icon } from "./icons.js";
import { sounds, toggle } from "./sound.js";
import { language, t, textOf } from "./words.js";

const ALWAYS = [["pain", "P"], ["unwell", "D"], ["too_heavy", "H"]];
const NOTICE_MS = 10_000;
const NOTICE_AT_DESK_MS = 30_000;
const ASK_BEFORE_MS = 30_000; // of being signed out
const AT_DESK = ["welcome"]; // pages without a person
const NOT_TO_LEAVE = ["working", "stopped", "fault", "estop"];
const TOLD_ON_PAGE = ["stopped", "paused", "fault", "offline", "guided", "opening"]; // these pages tell the newest code themselves

export function makeFrame(context) {
  const top = document.getElementById("top");
  const footer = document.getElementById("buttons");
  const notices = document.getElementById("notices");
  const stale = h("p", { class: "notice stale-notice", role: "alert", hidden: true });
  const warning = h("div", { class: "notice warning-notice", role: "alert", hidden: true });
  const news = h("p", { class: "notice", role: "status", hidden: true });
  const asking = h("div", { class: "notice", role: "alert", hidden: true });
  notices.append(stale, warning, asking, news);
  let parts = {};
  let drawnFor = "";
  let codes = "";
  let newsUntil = 0;
  let sure = null; // the open question whether to leave, and for whom and in which state it was asked

  const press = (button) => context.touch({ kind: "press", button });

  function changeSound() {
    toggle();
    context.redraw();
  }

  function draw() {
    drawnFor = language() + sounds();
    const other = language() === "zh" ? "en" : "zh";
    parts = {
      where: h("strong", {}),
      kind: h("span", { class: "wide-only" }),
      set: h("span"),
      machine: h("span", { lang: "en" }), // a name, not a word
      link: h("span", { class: "chip" }),
      stored: h("span", { class: "chip stored", hidden: true }),
    };
    top.replaceChildren(
      h("div", { class: "where" }, parts.where, h("span", { class: "muted" }, parts.kind, parts.set, parts.machine)),
      h("div", { class: "chips" }, parts.stored, parts.link),
      h("button", { class: "quiet", "aria-pressed": String(sounds()), "data-do": "sound", onclick: changeSound },
        icon(sounds() ? "sound_on" : "sound_off"),
        h("span", { class: "wide-only" }, t(sounds() ? "frame.sound_on" : "frame.sound_off"))),
      h("button", {
        class: "quiet", "data-do": "language", lang: other === "zh" ? "zh-HK" : "en",
        onclick: () => context.speakIn(other),
      }, t("frame.language_other")),
    );
    footer.replaceChildren(...ALWAYS.map(([name, key]) => stopButton(name, key)), ending());
    parts.ending = footer.lastChild;
  }

  // Acts when the finger comes down, not when it leaves; a keyboard clicks.
  function stopButton(name, key) {
    return h("button", {
      class: `always ${name}`, "data-do": name, "aria-keyshortcuts": key,
      onpointerdown: (event) => { if (event.button === 0) press(name); },
      onclick: (event) => { if (event.detail === 0) press(name); },
    },
    icon(name),
    h("span", { class: "words" }, h("b", {}, t(`button.${name}`)), h("small", {}, t(`button.${name}_more`))),
    h("kbd", { "aria-hidden": "true" }, key));
  }

  function ending() {
    const make = (name, onclick) =>
      h("button", { class: "always", "data-do": name, onclick }, icon(name), h("b", {}, t(`button.${name}`)));
    return h("span", { class: "ending" }, make("pause", () => press("stop")), make("leave", ask));
  }

  // Touches that mean nothing in their state: the agent only hears that somebody is here.
  const stay = () => context.touch({ kind: context.view.state === "paused" ? "start" : "resume" });

  function askWhetherHere({ leaves_in_ms, state }) {
    const isSoon = leaves_in_ms !== null && leaves_in_ms < ASK_BEFORE_MS && ["ready", "rest", "paused"].includes(state);
    if (isSoon && asking.hidden) {
      const here = h("button", { class: "main", "data-do": "here", onclick: stay }, t("frame.here"));
      asking.replaceChildren(icon("clock"), h("span"), here);
    }
    asking.hidden = !isSoon;
    if (isSoon) say(asking.children[1], t("frame.still_there", { seconds: seconds(leaves_in_ms) }));
  }

  // Not modal: a modal dialog would make the three buttons dead.
  function ask() {
    if (sure) return;
    const leave = () => {
      endAsking();
      context.touch({ kind: "sign_off" });
    };
    const dialog = h("dialog", { class: "sure", "aria-labelledby": "sure-title" },
      h("div", { class: "sure-box" },
        h("h2", { id: "sure-title" }, t("button.sure_leave")),
        h("p", {}, t("button.sure_leave_more")),
        h("div", { class: "row" },
          h("button", { autofocus: true, "data-do": "stay", onclick: endAsking }, t("button.stay")),
          h("button", { class: "main", "data-do": "really-leave", onclick: leave }, t("button.leave")))));
    footer.before(dialog);
    const { session, state } = context.view;
    sure = { dialog, session, state };
    top.inert = true;
    dialog.show();
    context.age();
  }

  function endAsking() {
    const { dialog } = sure;
    sure = null;
    top.inert = false;
    dialog.close(); // gives the focus back
    dialog.remove();
    context.age();
  }

  function update({ view }, page) {
    if (sure && (sure.session !== view.session || sure.state !== view.state)) endAsking();
    if (drawnFor !== language() + sounds()) draw();
    say(parts.where, view.greeting || t(`kind.${view.kind}`));
    const isCounted = view.sets > 0 && view.set > 0;
    say(parts.kind, view.greeting ? t(`kind.${view.kind}`) + (isCounted ? " · " : "") : "");
    parts.machine.hidden = Boolean(view.greeting || isCounted);
    say(parts.machine, view.machine);
    say(parts.set, isCounted ? t("frame.set_of", { set: view.questions[0]?.set ?? view.set, sets: view.sets }) : "");
    chip(parts.link, view.session ? `link_${view.link}` : "", t(`frame.link_${view.link}`));
    parts.link.hidden = !view.session;
    const isWaiting = view.link !== "ok" && view.reps_waiting > 0;
    parts.stored.hidden = !isWaiting && !view.offline && !view.assist_locked;
    if (isWaiting) chip(parts.stored, "stored", t("frame.stored", { reps: view.reps_waiting }));
    else if (view.offline) chip(parts.stored, "stored", t("frame.kept_plan"));
    else if (view.assist_locked) chip(parts.stored, "lock", t("frame.assist_locked"));
    footer.hidden = view.session === null || AT_DESK.includes(page);
    const [pause, leave] = parts.ending.children;
    pause.hidden = view.state !== "working";
    leave.hidden = NOT_TO_LEAVE.includes(view.state);
    askWhetherHere(view);
    tellNews(view, page);
  }

  function chip(node, name, text) {
    if (node.dataset.name === name + text) return;
    node.dataset.name = name + text;
    node.className = `chip ${name}`;
    if (name) node.replaceChildren(icon(name), h("span", {}, text));
  }

  function tellNews(view, page) {
    const now = performance.now();
    const told = view.codes.join();
    if (told !== codes) {
      codes = told;
      const text = textOf("code", view.codes.at(-1) ?? "");
      say(news, text);
      newsUntil = text ? now + (AT_DESK.includes(page) ? NOTICE_AT_DESK_MS : NOTICE_MS) : 0;
    }
    news.hidden = now > newsUntil || TOLD_ON_PAGE.includes(page);
  }

  function warn(key) {
    warning.hidden = key === null;
    if (key === null) return;
    warning.replaceChildren(icon("warning"), h("span", {}, t(key)),
      h("button", { class: "quiet", onclick: () => { warning.hidden = true; } }, t("frame.dismiss")));
  }

  function age(wall_ms) {
    document.body.classList.toggle("stale", wall_ms !== null);
    stale.hidden = wall_ms === null;
    if (wall_ms !== null) say(stale, t("frame.stale", { time: timeOf(wall_ms) }));
  }

  function onKey(event) {
    if (sure && event.key === "Escape") {
      endAsking();
      return true;
    }
    const found = ALWAYS.find(([, key]) => key === event.key.toUpperCase());
    if (!found || footer.hidden) return false;
    press(found[0]);
    return true;
  }

  return { get isAsking() { return sure !== null; }, update, warn, age, onKey };
}
