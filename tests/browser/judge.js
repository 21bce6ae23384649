// Judges the page that is shown: `what` is outside, cut, overlaps, scrolled or latin; returns a list of findings.
(what) => {
  const AIR = 0.2; // share of a line's height above and below its letters, where nothing is drawn
  const isShown = (node) => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const wordsIn = (node) => [...node.childNodes].filter((one) => one.nodeType === 3 && one.textContent.trim());
  const isUnseen = (node) => node.closest(".unseen") !== null; // for screen readers alone

  // Every text and every control with its place.
  function things() {
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
      const hasWords = wordsIn(node).length > 0;
      const isControl = node.matches("button, input, output");
      if ((!hasWords && !isControl) || !isShown(node) || isUnseen(node)) continue;
      const range = document.createRange();
      if (isControl) range.selectNode(node);
      else range.selectNodeContents(node);
      const whole = range.getBoundingClientRect();
      if (whole.width < 1 || whole.height < 1) continue;
      const air = isControl ? 0 : AIR * Math.min(whole.height, parseFloat(getComputedStyle(node).fontSize));
      const box = new DOMRect(whole.x, whole.y + air, whole.width, whole.height - 2 * air);
      const name = `${node.tagName}.${node.className} ${node.textContent.trim()}`.slice(0, 70);
      found.push({ node, box, name });
    }
    return found;
  }

  const outside = () =>
    things()
      .filter(({ box }) => box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      .map(({ name, box }) => `${name} [${[box.left, box.top, box.right, box.bottom].map(Math.round)}]`);

  // What reaches out of the page's own part of the window, under the frame or the buttons.
  function cut() {
    const main = document.querySelector("main").getBoundingClientRect();
    const found = [];
    for (const node of document.querySelectorAll("main *")) {
      if (!isShown(node) || isUnseen(node) || node.closest("svg svg, svg > *")) continue;
      const { left, top, right, bottom, width, height } = node.getBoundingClientRect();
      const isOut = left < main.left - 1 || top < main.top - 1 || right > main.right + 1 || bottom > main.bottom + 1;
      if (isOut && width > 0 && height > 0) found.push(`${node.tagName}.${node.className} to ${Math.round(right)}, ${Math.round(bottom)} of ${Math.round(main.right)}, ${Math.round(main.bottom)}`);
    }
    return found;
  }

  function overlaps() {
    const all = things();
    const found = [];
    for (const [at, one] of all.entries()) {
      for (const two of all.slice(at + 1)) {
        if (one.node.contains(two.node) || two.node.contains(one.node)) continue;
        const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
        const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
        if (wide > 2 && high > 4) found.push(`${one.name} | ${two.name} (${Math.round(wide)} x ${Math.round(high)})`);
      }
    }
    return found;
  }

  function scrolled() {
    const found = [];
    for (const node of document.querySelectorAll("html, body, body *")) {
      if (!isShown(node) || isUnseen(node) || node.clientWidth < 1 || node.clientHeight < 1) continue;
      const style = getComputedStyle(node);
      const isPage = node === document.documentElement;
      const wide = node.scrollWidth > node.clientWidth + 1 && (isPage || style.overflowX !== "visible");
      const deep = node.scrollHeight > node.clientHeight + 1 && (isPage || style.overflowY !== "visible");
      if (wide || deep) found.push(`${node.tagName}.${node.className} ${node.scrollWidth}x${node.scrollHeight} in ${node.clientWidth}x${node.clientHeight}`);
    }
    return found;
  }

  // Words in Latin letters, also those for screen readers; what is marked as another language may be in it.
  function latin() {
    const isForeign = (node) => node.closest("[lang]")?.lang === "en";
    const texts = [];
    for (const node of document.querySelectorAll("body *")) {
      if (isForeign(node) || !node.checkVisibility()) continue;
      texts.push(...wordsIn(node).map((one) => one.textContent));
      for (const name of ["aria-label", "alt", "title", "placeholder"]) texts.push(node.getAttribute(name) ?? "");
    }
    return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z]{2,}/g) ?? []))];
  }

  return { outside, cut, overlaps, scrolled, latin }[what]();
}
