// Every text comes from the one catalogue; a language is "en" or "zh".

let catalogue = {};
let current = navigator.language.startsWith("zh") ? "zh" : "en";

export async function load() {
  catalogue = await (await fetch("/words.json")).json();
}

export const language = () => current;
export const languageOf = (tag) => (tag.toLowerCase().startsWith("zh") ? "zh" : "en");

export function speakIn(chosen) {
  current = chosen;
  document.documentElement.lang = current === "zh" ? "zh-HK" : "en";
}

export const has = (key) => key in catalogue;

export function t(key, values = {}) {
  const pair = catalogue[key];
  if (!pair) return key;
  return pair[current].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// The text of a code: its own, or that of the family before its last underscore; "" when it says nothing.
export function textOf(section, code) {
  for (let name = code; name; name = name.slice(0, Math.max(name.lastIndexOf("_"), 0))) {
    if (has(`${section}.${name}`)) return t(`${section}.${name}`);
  }
  return "";
}
