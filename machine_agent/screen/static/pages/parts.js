// The few building blocks that every page shares.

import { h } from "../dom.js";
import { icon } from "../icons.js";

export const page = (name, ...children) => h("section", { class: `page ${name}` }, ...children);
export const title = (text) => h("h1", {}, text);
export const lead = (text) => h("p", { class: "lead" }, text);
export const row = (...children) => h("div", { class: "row" }, ...children);

export function button(name, text, onclick, { isMain = false, sign = null } = {}) {
  return h("button", { type: "button", class: isMain ? "main" : "", "data-do": name, onclick }, sign && icon(sign), h("span", {}, text));
}

export const fact = (name, value, more = "") =>
  h("div", { class: `fact ${more}` }, h("dt", {}, name), h("dd", {}, value));
