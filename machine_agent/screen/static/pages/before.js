// From the sign-in to the first question: the plan, name and first load, the seat, the weigh-in.

import { h, say } from "../dom.js";
import { figure } from "../figures.js";
import { angle, loadOf, range } from "../format.js";
import { icon } from "../icons.js";
import { has, t } from "../words.js";
import { button, fact, lead, mainButton, page, row, title } from "./parts.js";

const still = (node) => ({ node, update: () => {} });
const wait = () => h("div", { class: "wait", "aria-hidden": "true" }, h("i"), h("i"), h("i"));

export const starting = () => still(page("calm", wait(), title(t("frame.starting")), lead(t("frame.starting_more"))));
export const plan = () => still(page("calm", wait(), title(t("plan.title")), lead(t("plan.text"))));

export function confirm(context) {
  const { view } = context;
  const load_now = h("dd");
  const name = view.greeting ? t("confirm.title", { name: view.greeting }) : t("confirm.title_nameless");
  const leave = () => context.touch({ kind: "sign_off" });
  if (!view.row) {
    const leaving = button("not-me", t("button.leave"), leave, "leave");
    return still(page("calm", title(name), lead(t("confirm.nothing")), row(leaving)));
  }
  const node = page("confirm",
    title(name),
    lead(t("confirm.is_you")),
    h("dl", { class: "facts" },
      h("div", { class: "fact big" }, h("dt", {}, t("confirm.first_load")), load_now),
      fact(t("confirm.first_range"), range(view.kind, view.row)),
      fact(t("confirm.sets"), view.sets)),
    h("p", { class: "muted" }, t("confirm.light")),
    row(button("not-me", t("confirm.not_me"), leave, "close"),
      mainButton("confirm", t("confirm.yes_me"), () => context.touch({ kind: "confirm" }), "check")));
  return { node, update: ({ view: now }) => say(load_now, loadOf(now.row)) };
}

const nameOf = (part) => {
  const key = part === "belt" ? "set_up.belt_name" : `set_up.${part}`;
  return has(key) ? t(key) : part.replaceAll("_", " ");
};

export function setUp(context) {
  const { view } = context;
  const values = Object.entries(view.set_up);
  // Confirming again changes nothing, and tells the agent that somebody is still here.
  const done = () => { context.memory.isSeated = true; context.touch({ kind: "confirm" }); context.redraw(); };
  const node = page("set-up",
    h("div", { class: "picture" }, figure(view.kind, t("set_up.picture"))),
    h("div", { class: "set-up-words" },
      title(t("set_up.title")),
      values.length
        ? h("dl", { class: "facts" }, values.map(([name, value]) => fact(nameOf(name), value, "big")))
        : lead(t("set_up.default")),
      h("div", { class: "belt" }, h("h2", {}, t("set_up.belt")), h("p", {}, t("set_up.belt_text"))),
      row(mainButton("belt", t("set_up.belt_done"), done, "check"))));
  return still(node);
}

export function weigh(context) {
  return still(page("calm weigh",
    h("div", { class: "halo" }, icon("breath")),
    title(t("weigh.title")), lead(t("weigh.text")),
    row(mainButton("weigh", t("weigh.start"), () => context.touch({ kind: "weigh" }), "check"))));
}

export function weighing() {
  const where = h("p", { class: "figure-big" });
  const node = page("calm weigh", wait(), title(t("weigh.running")), lead(t("weigh.running_text")), where);
  return { node, update: ({ view }) => say(where, angle(view.kind, view.deg)) };
}
