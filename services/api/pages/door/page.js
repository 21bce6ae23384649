import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const OTHER = { "en": "zh-HK", "zh-HK": "en" };
const TABS = ["patient", "staff"];
let last = null; // what was said last, to say it again in the other language

const word = (name) => WORDS[document.documentElement.lang][name];

function say(name, values = {}) {
  last = name && { name, values };
  const said = $("said");
  said.classList.toggle("wrong", Boolean(name) && name !== "enrolled");
  said.textContent = name ? word(name).replace("{minutes}", values.minutes ?? "") : "";
}

function speak(language) {
  document.documentElement.lang = language;
  document.title = `${word("title")} · OpenSpine`;
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = word(place.dataset.word);
  $("language").textContent = language === "en" ? "中文" : "English";
  $("language").lang = OTHER[language];
  if (last) say(last.name, last.values);
}

function show(name, focus = false) {
  for (const one of TABS) {
    const tab = $(`tab-${one}`), chosen = one === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    $(one).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  say(null);
}

function refusal(form, answer) {
  if (answer.status === 429) {
    return ["wait", { minutes: Math.ceil(Number(answer.headers.get("retry-after") ?? 60) / 60) }];
  }
  if (form.id === "invitation" || form.id === "claim") {
    if (answer.status === 401) return ["over", {}];
    if (answer.status === 422 && form.id === "invitation") return ["weak", {}];
  }
  return [[401, 403, 409, 422].includes(answer.status) ? answer.status : "away", {}];
}

async function done(form, answer) {
  if (form.id === "claim") {
    $("screen").open = false;
    show("patient");
    say("enrolled");
  } else if (form.id === "invitation") {
    const made = await answer.json();
    $("seed").textContent = made.seed;
    $("factor").hidden = false;
    show("staff");
    $("staff-login").value = made.login;
  } else {
    window.location.replace(document.body.dataset.next);
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.target, button = form.querySelector("button");
  const body = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value || null]));
  button.disabled = true;
  say(null);
  try {
    const answer = await fetch(form.dataset.path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (answer.ok) {
      form.reset();
      await done(form, answer);
    } else {
      say(...refusal(form, answer));
      form.querySelector("input[type=password], input").focus();
    }
  } catch {
    say("away");
  } finally {
    button.disabled = false;
  }
}

for (const form of document.forms) form.addEventListener("submit", send);
for (const one of TABS) {
  $(`tab-${one}`).addEventListener("click", () => show(one));
  $(`tab-${one}`).addEventListener("keydown", ({ key }) => {
    if (["ArrowLeft", "ArrowRight"].includes(key)) show(TABS[1 - TABS.indexOf(one)], true);
  });
}
$("language").addEventListener("click", () => speak(OTHER[document.documentElement.lang]));
const code = new URLSearchParams(window.location.hash.slice(1));
if (code.has("invitation")) {
  $("invited").open = true;
  $("invitation-code").value = code.get("invitation");
}
if (code.has("screen")) {
  $("screen").open = true;
  $("claim-code").value = code.get("screen");
}
history.replaceState(null, "", window.location.pathname + window.location.search); // codes stay out of the history
speak(document.documentElement.lang);
show(code.has("invitation") ? "staff" : "patient");
