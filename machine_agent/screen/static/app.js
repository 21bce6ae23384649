// Puts the newest snapshot on the page: which page, its texts, the frame around it, and whether it is still true.

import { isReduced } from "./dom.js";
import { measureIn } from "./format.js";
import { makeFrame } from "./frame.js";
import { pages } from "./pages/index.js";
import { identity, route } from "./route.js";
import { listen, send } from "./stream.js";
import * as words from "./words.js";

const STALE_MS = 3000; // without an event, or with a sample as old as this while the load is on
const LOOK_MS = 250;
const AGAIN_MS = 2000; // when the agent was not there yet
const OWN_LANGUAGE_MS = 20_000; // after the last person has left, the machine speaks its own language again

const main = document.getElementById("page");
const forgotten = () => ({ isSeated: false, isLanguageSet: false, rest: null });
let snapshot = null;
let heardAt = 0;
let shown = { identity: "", page: null };
let memory = forgotten();
let session = null;
const ownLanguage = words.language();
let ownLanguageTimer = null;

const context = {
  get snapshot() { return snapshot; },
  get view() { return snapshot.view; },
  get memory() { return memory; },
  touch: async (touch) => {
    const isTaken = await send(touch);
    frame.warn(isTaken ? null : "frame.not_taken");
    return isTaken;
  },
  redraw: () => draw(true),
  age: () => judgeAge(),
  speakIn: (chosen) => {
    clearTimeout(ownLanguageTimer);
    words.speakIn(chosen);
    memory.isLanguageSet = true;
    draw(true);
  },
};
const frame = makeFrame(context);

function hear(next) {
  heardAt = performance.now();
  snapshot = next;
  if (next.view.session !== session) {
    session = next.view.session;
    memory = forgotten();
    clearTimeout(ownLanguageTimer);
    if (!session) ownLanguageTimer = setTimeout(() => { words.speakIn(ownLanguage); draw(true); }, OWN_LANGUAGE_MS);
  }
  const { greeting, sets, language } = next.view;
  if (session && !memory.isLanguageSet && (greeting || sets)) {
    memory.isLanguageSet = true;
    words.speakIn(words.languageOf(language));
    shown.identity = "";
  }
  draw(false);
}

function draw(isForced) {
  const { view } = snapshot;
  const name = route(view, memory);
  const wanted = identity(name, view);
  // The frame first: a question that it ends gives back the focus, which a new page then takes.
  frame.update(snapshot, name);
  judgeAge();
  if (isForced || wanted !== shown.identity) change(name, wanted);
  shown.page.update(snapshot);
}

function change(name, wanted) {
  const isSamePage = wanted === shown.identity;
  shown.page?.end?.();
  const page = pages[name](context);
  shown = { identity: wanted, page };
  main.replaceChildren(page.node);
  main.dataset.page = name;
  if (!isReduced() && !isSamePage) main.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 180 });
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

function judgeAge() {
  const { view, wall_ms } = snapshot;
  const isLive = view.state === "working";
  const isOld = performance.now() - heardAt > STALE_MS || (isLive && (view.sample_age_ms ?? 0) > STALE_MS);
  frame.age(isOld ? wall_ms : null);
  main.inert = isOld || frame.isAsking;
}

// The second click of a double click would land on the next page.
main.addEventListener("click", (event) => {
  if (event.detail > 1 && !event.target.closest("[data-fast]")) event.stopPropagation();
}, true);

document.addEventListener("keydown", (event) => {
  if (!snapshot || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if ((!frame.isAsking && shown.page.onKey?.(event)) || frame.onKey(event)) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

async function begin() {
  const [about] = await Promise.all([fetch("/about.json").then((answer) => answer.json()), words.load()]);
  measureIn(about);
  words.speakIn(words.language());
  main.replaceChildren(pages.starting(context).node);
  listen(hear);
  setInterval(() => snapshot && judgeAge(), LOOK_MS);
}

begin().catch(() => setTimeout(() => location.reload(), AGAIN_MS));
