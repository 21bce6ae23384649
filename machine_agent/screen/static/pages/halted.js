// When training does not go on: offline without a plan, paused, stopped, fault, emergency stop.

import { h, say } from "../dom.js";
import { minutes } from "../format.js";
import { holdButton } from "../hold.js";
import { icon } from "../icons.js";
import { keypad } from "../keypad.js";
import { t, textOf } from "../words.js";
import { lead, mainButton, page, row } from "./parts.js";

const MOVE_MS = 100; // the agent stops the arm 200 ms after it was last asked
const RESET_MS = 3000;
const EMERGENCY = ["bladder_saddle", "numb_weak", "dizzy_chest"];
const STOPPED_BY = ["pain", "unwell", "hold_stop"];
const QUIET = ["pain", "unwell", "stop", "fault", "estop", "link_degraded", "link_lost", "link_back"]; // the page itself says these

const heading = (text, sign) => h("h1", { class: "halt" }, icon(sign), h("span", {}, text));

function armButton(context) {
  let isBusy = false;
  return holdButton({
    label: t("stopped.move_arm"), kind: "arm", everyMs: MOVE_MS,
    onTick: async () => {
      if (isBusy) return;
      isBusy = true;
      await context.touch({ kind: "move_arm" });
      isBusy = false;
    },
  });
}

// The newest code that says more than the page does; first of all how long a locked pad stays locked.
export function told(view) {
  if (view.locked_left_ms > 0) return t("frame.locked", { minutes: minutes(view.locked_left_ms) });
  const code = view.codes.findLast((one) => !QUIET.includes(one));
  return code ? textOf("code", code) : "";
}

function staffPad(context, done) {
  const onDone = (pin) => context.touch({ kind: "staff_pin", pin });
  return keypad({ isSecret: true, label: t("stopped.staff_pin"), done, onDone });
}

const padBox = (keys) =>
  h("div", { class: "pad-box" }, h("h2", {}, t("stopped.staff_pin")), keys.shown, keys.pad, keys.ready);

export function paused(context) {
  const arm = armButton(context);
  const more = h("p", { class: "told", role: "status" });
  const node = page("calm paused",
    heading(t("paused.title"), "pause"), more, lead(t("paused.text")),
    row(arm.node, mainButton("resume", t("paused.resume"), () => context.touch({ kind: "resume" }), "check")));
  return { node, update: ({ view }) => say(more, told(view)), end: arm.stop };
}

// The newest code that says why it was stopped.
const kindOf = (view) =>
  view.codes.findLast((code) => STOPPED_BY.includes(code) || code.startsWith("symptom_")) ?? "";

function titleOf(kind, isEmergency) {
  if (isEmergency) return t("emergency.title");
  if (kind === "pain") return t("stopped.pain_title");
  return t(kind === "unwell" ? "stopped.unwell_title" : "stopped.title");
}

export function stopped(context) {
  const { view } = context;
  const kind = kindOf(view);
  const isEmergency = EMERGENCY.some((name) => kind === `symptom_${name}`);
  const arm = armButton(context);
  const keys = staffPad(context, t("stopped.unlock"));
  const more = h("p", { class: "told", role: "status" });
  const node = page(isEmergency ? "stopped emergency" : "stopped",
    h("div", { class: "stopped-words" },
      heading(titleOf(kind, isEmergency), isEmergency ? "warning" : "hand"),
      lead(t(isEmergency ? "emergency.text" : "stopped.text")),
      more, arm.node, h("p", { class: "muted" }, t("stopped.move_arm_more"))),
    padBox(keys));
  const first = told(view);
  const update = ({ view: now }) => say(more, isEmergency && told(now) === first ? "" : told(now));
  const end = () => { arm.stop(); keys.forget(); };
  return { node, update, onKey: keys.onKey, end };
}

export function offline(context) {
  const keys = staffPad(context, t("stopped.unlock"));
  const more = h("p", { class: "told", role: "status" });
  const node = page("stopped offline",
    h("div", { class: "stopped-words" }, heading(t("offline.title"), "link_lost"), lead(t("offline.text")), more),
    padBox(keys));
  return { node, update: ({ view }) => say(more, told(view)), onKey: keys.onKey, end: keys.forget };
}

export function guided(context) {
  return {
    node: page("calm", heading(t("offline.guided_title"), "link_lost"), lead(t("offline.guided_text")),
      row(mainButton("finish", t("button.leave"), () => context.touch({ kind: "sign_off" }), "leave"))),
    update: () => {},
  };
}

export function fault(context) {
  const isCut = context.view.state === "estop";
  const reset = holdButton({
    label: t(isCut ? "fault.estop_reset" : "fault.reset"), kind: "reset", afterMs: RESET_MS,
    onDone: () => context.touch({ kind: "reset" }),
  });
  const more = h("p", { class: "told", role: "status" });
  const node = page("calm fault",
    heading(t(isCut ? "fault.estop_title" : "fault.title"), "warning"),
    lead(t(isCut ? "fault.estop_text" : "fault.text")), more, row(reset.node));
  return { node, update: ({ view }) => say(more, isCut ? "" : told(view)), end: reset.stop };
}
