// The few building blocks that every page shares.

import { h } from "../dom.js";
import { icon } from "../icons.js";

export const page = (name, ...children) => h("section", { class: `page ${name}` }, ...children);
export const title = (text) => h("h1", {}, text);
export const lead = (text) => h("p", { class: "lead" }, text);
export const joined = (...texts) => texts.filter(Boolean).join(" · ");
export const row = (...children) => h("div", { class: "row" }, ...children);

const make = (look) => (name, text, onclick, sign = null) =>
  h("button", { class: look, "data-do": name, onclick }, sign && icon(sign), h("span", {}, text));

// The one button that goes on; and the others.
export const mainButton = make("main");
export const button = make("");

export const fact = (name, value, more = "") =>
  h("div", { class: `fact ${more}` }, h("dt", {}, name), h("dd", {}, value));
