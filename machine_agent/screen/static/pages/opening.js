// A spasm day: the trial without load did not hurt. Staff see what they would open, and open it with their PIN.

import { h, say } from "../dom.js";
import * as format from "../format.js";
import { keypad } from "../keypad.js";
import { t } from "../words.js";
import { told } from "./halted.js";
import { button, joined, lead, page, title } from "./parts.js";
import { doseOf, sideOf } from "./ready.js";

export function opening(context) {
  const onDone = (pin) => context.touch({ kind: "staff_pin", pin });
  const keys = keypad({ isSecret: true, label: t("stopped.staff_pin"), done: t("opening.open"), onDone });
  const more = h("p", { class: "told", role: "status" });
  const what = h("p", {});
  const node = page("stopped opening",
    h("div", { class: "stopped-words" },
      title(t("opening.title")), lead(t("opening.text")), what, more,
      button("finish", t("opening.leave"), () => context.touch({ kind: "sign_off" }), "leave")),
    h("div", { class: "pad-box" }, h("h2", {}, t("stopped.staff_pin")), keys.shown, keys.pad, keys.ready));
  const update = ({ view }) => {
    say(more, told(view));
    say(what, view.row ? figures(view) : "");
  };
  return { node, update, onKey: keys.onKey, end: keys.forget };
}

const figures = ({ row, kind }) => joined(sideOf(row), format.loadOf(row), doseOf(row), format.range(kind, row));
