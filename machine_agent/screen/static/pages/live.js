// The set itself: corridor and own movement, the count of what is on disk, time left, one cue, the load.

import { makeCorridor } from "../corridor.js";
import { h, say } from "../dom.js";
import * as format from "../format.js";
import { makeGauge } from "../gauge.js";
import { icon } from "../icons.js";
import { makePace } from "../pace.js";
import { beep, speak } from "../sound.js";
import { t } from "../words.js";
import { joined, page } from "./parts.js";
import { sideOf } from "./ready.js";

const CORRECTIONS = ["posture", "further", "slower_back", "slower_out"];
const SIGNS = {
  posture: "posture", further: "further", slower_back: "slower", slower_out: "slower", hold: "hold", good: "check",
  breathe_out: "breath", breathe_in: "breath", go: "further",
  stage_push: "further", stage_build: "up", stage_hold: "hold", stage_ready: "clock", stage_pause: "breath",
};
const COUNTED = ["ready", "build", "hold", "pause"]; // stages whose seconds matter to the person
const TORQUE_LEAST_NM = 40; // the smallest full gauge

export function live(context) {
  const { mode } = context.view.row;
  return mode === "mobility" || mode === "isometric" ? test(context) : training(context);
}

function cueStrip() {
  const shown = h("div", { class: "cue", "aria-hidden": "true" });
  const heard = h("p", { class: "unseen", "aria-live": "polite" });
  let last = "";
  function show(name, text) {
    if (name === last) return;
    last = name;
    const isCorrection = CORRECTIONS.includes(name);
    shown.className = `cue ${isCorrection ? "correct" : ""}`;
    shown.replaceChildren(icon(SIGNS[name] ?? "clock"), h("span", {}, text));
    if (isCorrection || name === "loading" || name === "go" || name.startsWith("stage_")) {
      say(heard, text);
      speak(text);
    }
  }
  return { nodes: [shown, heard], show };
}

function training(context) {
  const { view } = context;
  const set = view.row;
  const canvas = h("canvas", { role: "img", "aria-label": t("live.trace") });
  const corridor = makeCorridor(canvas, makePace(set), (deg) => format.angle(view.kind, deg));
  const cue = cueStrip();
  const count = h("b", { class: "count", "data-count": true });
  const short = h("p", { class: "short" });
  const left = h("b", { class: "left" });
  const load = h("b", {});
  const bar = h("progress", { max: Math.max(set.load_g, 1), "aria-label": t("ready.load") });
  const isTimed = set.work_ms > 0;
  const wanted = isTimed ? t("live.count") : t("live.of", { reps: set.reps });
  const node = page("live",
    h("h1", { class: "unseen" }, t("live.title")),
    h("div", { class: "stage" }, ...cue.nodes, canvas),
    h("div", { class: "panel" },
      h("div", { class: "panel-part counted" }, count, h("span", {}, wanted), short),
      isTimed && h("div", { class: "panel-part timed" }, left, h("span", {}, t("live.seconds_left"))),
      h("div", { class: "panel-part loaded" }, h("span", {}, joined(t("ready.load"), sideOf(set))), load, bar)));
  let reps = view.reps_stored;

  function update({ view: now, wall_ms, cue: name }) {
    corridor.see(wall_ms, now.deg, now.target_deg, now.awaits === "loading");
    if (now.awaits === "loading") cue.show("loading", `${t("live.loading")}. ${t("live.loading_more")}`);
    else cue.show(name, t(`cue.${name}`));
    if (now.reps_stored > reps) beep("count");
    reps = now.reps_stored;
    say(count, reps);
    say(short, now.partial_reps > 0 ? t("live.short", { count: now.partial_reps }) : "");
    say(left, format.seconds(now.work_left_ms));
    say(load, set.load_g > 0 ? format.load(now.load_g) : format.loadOf(set));
    bar.value = Math.min(now.load_g, set.load_g);
    bar.classList.toggle("ready", now.load_g >= set.load_g);
  }
  return { node, update, end: corridor.end };
}

// A test: mobility (how far) or strength against the locked arm (how hard), try after try.
function test(context) {
  const { view } = context;
  const set = view.row;
  const isForce = set.mode === "isometric";
  const gauge = makeGauge(isForce ? TORQUE_LEAST_NM : Math.max((set.end_cdeg - set.start_cdeg) / 100, 1));
  const tries = h("ol", { class: "tries" });
  const cue = cueStrip();
  const attempt = h("b", { class: "left" });
  const left = h("span", {});
  const textOf = (value) => (isForce ? format.torque(value) : t("unit.deg", { value: Math.round(value) || 0 }));
  let drawn = -1;
  let highest = 0;
  const node = page("live test",
    h("h1", { class: "unseen" }, t(`ready.title_${set.mode}`)),
    h("div", { class: "stage" }, ...cue.nodes, gauge.node),
    h("div", { class: "panel" },
      h("div", { class: "panel-part" }, attempt, left),
      h("div", { class: "panel-part" }, h("span", {}, t("live.best")), tries)));

  function update({ view: now, tries: done }) {
    const value = Math.max(isForce ? now.torque_nm : now.deg - set.start_cdeg / 100, 0);
    highest = Math.max(highest, ...done.map(({ reached }) => reached));
    gauge.show(value, highest, textOf(value));
    tell(now);
    if (done.length === drawn) return;
    drawn = done.length;
    const texts = done.map((one) => `${t("live.try", { attempt: one.attempt })}: ${textOf(one.reached)}`);
    tries.replaceChildren(...texts.map((text) => h("li", {}, text)));
  }
  function tell(now) {
    const at = now.attempt;
    if (at) cue.show(`stage_${at.stage}`, t(`stage.${at.stage}`));
    else if (now.awaits === "loading") cue.show("loading", t("live.loading"));
    else cue.show("go", t("live.reach"));
    const [number, most] = at ? [at.number, at.most] : [Math.min(now.reps_stored + 1, set.reps), set.reps];
    say(attempt, t("live.try_of", { attempt: number, most }));
    say(left, at && COUNTED.includes(at.stage) ? t("live.loading_left", { seconds: format.seconds(at.left_ms) }) : "");
  }
  return { node, update };
}
