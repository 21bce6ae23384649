import { WORDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const OTHER = { "en": "zh-HK", "zh-HK": "en" };
const TABS = ["patient", "staff"];
let last = null; // what was said last, to say it again in the other language

const page = document.body.dataset; // next, provider, again
const asked = new URLSearchParams(window.location.search);

const word = (name) => WORDS[document.documentElement.lang][name].replace("{name}", page.provider);

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
  $("provider").textContent = page.provider ? word(page.again ? "provider_again" : "provider") : "";
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
  if (answer.status === 401 && form.id === "provider") return ["provider_wrong", {}];
  if (answer.status === 502) return ["provider_away", {}];
  if (answer.status === 503 && form.id === "provider") return ["provider_busy", {}];
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
  } else if (form.id === "second") {
    window.location.replace((await answer.json()).next);
  } else {
    window.location.replace(page.next);
  }
}

async function post(path, body) {
  return fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
}

async function leave() { // for the provider; the answer comes back to this page
  const answer = await post("/v1/sign-in/provider", {
    next: page.next, again: Boolean(page.again), language: document.documentElement.lang,
  });
  if (answer.ok) window.location.assign((await answer.json()).address);
  else say(...refusal($("provider"), answer));
}

async function comeBack() {
  const answer = await post("/v1/sign-in/provider/return", {
    code: asked.get("code") ?? "-", state: asked.get("state"), // without a code the provider said no
  });
  if (!answer.ok) return say(...refusal($("provider"), answer));
  const { next } = await answer.json();
  if (next) return window.location.replace(next);
  $("second").hidden = false;
  $("second-code").focus();
}

async function atProvider(way) {
  $("provider").disabled = true;
  say(null);
  try {
    await way();
  } catch {
    say("away");
  } finally {
    $("provider").disabled = false;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.target, button = form.querySelector("button");
  const body = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value || null]));
  button.disabled = true;
  say(null);
  try {
    const answer = await post(form.dataset.path, body);
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
$("provider").hidden = !page.provider;
$("provider").addEventListener("click", () => atProvider(leave));
const isBack = Boolean(page.provider) && asked.has("state");
const kept = isBack ? "" : window.location.search;
history.replaceState(null, "", window.location.pathname + kept); // codes stay out of the history
speak(document.documentElement.lang);
show(code.has("invitation") || isBack || page.again ? "staff" : "patient");
if (isBack) atProvider(comeBack);
