// Builds elements: h("button", { class: "main", onclick: go }, "Go"). Text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const h = (tag, props = {}, ...children) =>
  fill(document.createElement(tag), tag === "button" ? { type: "button", ...props } : props, children);
export const svg = (tag, props = {}, ...children) => fill(document.createElementNS(SVG, tag), props, children);

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Changes a text only when it is another one: screen readers and the layout stay calm.
export function say(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export const isReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
