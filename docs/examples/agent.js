// A minimal machine in plain JavaScript: `npm install mqtt`, then `node agent.js settings.json`. It uses no code of
// the project: the protocol page and its schemas say everything. The body is simulated, and nothing ever rises here.
"use strict";
const crypto = require("node:crypto"), fs = require("node:fs"), mqtt = require("mqtt");
const read = (path) => JSON.parse(fs.readFileSync(path));
const set = read(process.argv[2]), keys = read(set.keys); // docs/conformance.md lists the settings
const site = Buffer.from(fs.readFileSync(set.site, "utf8").trim(), "hex"), boot = crypto.randomUUID();
const CHANNEL = { rep: "rep", set_end: "set", event: "event", receipt: "event" }, EVENTS = ["event", "receipt"];
const PLACES = 64, RETRY_MS = set.retry_ms ?? 10_000, RETRY_MOST_MS = 6 * RETRY_MS, COMMAND_MOST_MS = 30_000;
const topic = (channel) => `${set.root}/v1/${set.machine}/${channel}`, mono = () => Math.floor(performance.now());
const real = (ms) => new Promise((done) => setTimeout(done, ms)), body = (ms) => real(ms / (set.speed ?? 1));
// --- Schemas: what the service says is read strictly ---
const schemas = Object.fromEntries(["plan", "setting", "hold", "ack"].map((kind) => [kind, read(`${set.schemas}/${kind}.json`)]));
const inside = (size, least, most) => !(size < least) && !(size > most); // an absent bound bounds nothing
function fits(at, value, root = at) {
  if (at.$ref) return fits(root.$defs[at.$ref.split("/").pop()], value, root);
  if (at.anyOf) return at.anyOf.some((one) => fits(one, value, root));
  if (at.enum || at.type === "null") return (at.enum ?? [null]).includes(value);
  if (at.type === "integer") return Number.isInteger(value) && inside(value, at.minimum, at.maximum);
  if (at.type === "string") return typeof value === "string" && inside([...value].length, 0, at.maxLength) &&
    new RegExp(at.pattern ?? "", "u").test(value);
  if (at.type === "array") return Array.isArray(value) && inside(value.length, at.minItems, at.maxItems) &&
    value.every((one, place) => fits(at.prefixItems?.[place] ?? at.items ?? {}, one, root));
  const field = (name) => at.properties?.[name] ?? at.additionalProperties ?? {}, has = (name) => name in Object(value);
  return at.type !== "object" || ((at.required ?? []).every(has) &&
    Object.entries(value).every(([name, one]) => field(name) !== false && fits(field(name), one, root)));
}
// --- Signatures: Ed25519 over the object without `sig` and nulls, keys sorted, no spaces ---
const plain = (value) => Array.isArray(value) ? value.map(plain) : value === null || typeof value !== "object" ? value :
  Object.fromEntries(Object.keys(value).filter((key) => value[key] !== null).sort().map((key) => [key, plain(value[key])]));
function isSigned({ sig, ...rest }, use) {
  if (keys[rest.key_id]?.use !== use) return false;
  const wrapped = Buffer.from("302a300506032b6570032100" + keys[rest.key_id].public, "hex"); // RFC 8410
  const key = crypto.createPublicKey({ key: wrapped, format: "der", type: "spki" });
  return crypto.verify(null, Buffer.from(JSON.stringify(plain(rest))), key, Buffer.from(sig ?? "", "hex"));
}
// --- Spool: a row is on disk before it is sent, and stays until the service has committed it ---
const left = fs.existsSync(set.spool) ? fs.readFileSync(set.spool, "utf8").trim().split("\n").map((one) => JSON.parse(one)) : [];
const stream = left[0]?.stream ?? crypto.randomUUID();
const rows = new Map(left.slice(1).map((one) => [one.seq, { text: JSON.stringify(one), kind: one.kind, due: null }]));
let seq = Math.max(0, ...left.map((one) => one.seq)), file = fs.openSync(set.spool, "a");
const keep = (text) => { fs.writeSync(file, text + "\n"); fs.fsyncSync(file); };
if (!left.length) keep(JSON.stringify({ stream, seq })); // the first line says whose rows follow
function record(kind, fields = {}) {
  const row = { v: 1, kind, machine: set.machine, stream, seq: ++seq, boot, mono_ms: mono(), wall_ms: Date.now(),
    session: visit.session, ...fields };
  keep(JSON.stringify(row));
  rows.set(seq, { text: JSON.stringify(row), kind, due: null });
  visit.told.set(seq, row.mono_ms);
  if (kind === "rep") visit.lastRep = seq;
  send();
}
function send() {
  let flying = [...rows.values()].filter((row) => row.due !== null && !row.rejected).length;
  const lane = ([number, row]) => (EVENTS.includes(row.kind) ? 0 : 1e15) + number; // events go first
  for (const [, row] of client.connected ? [...rows].sort((one, other) => lane(one) - lane(other)) : []) {
    if (row.rejected || (row.due === null ? flying >= PLACES : row.due > mono())) continue;
    flying += row.due === null;
    row.wait = Math.min((row.wait ?? RETRY_MS) * 2, RETRY_MOST_MS);
    row.due = mono() + RETRY_MS + Math.random() * (row.wait - RETRY_MS); // doubling, with full jitter
    client.publish(topic(`up/${CHANNEL[row.kind] ?? "session"}`), row.text, { qos: 1 });
  }
}
function acknowledge({ upto, missing = [], rejected = [] }) {
  const isGap = (number) => number > upto || missing.some(([low, high]) => low <= number && number <= high);
  for (const one of rejected) if (rows.has(one.seq)) rows.get(one.seq).rejected = true; // kept, and never sent again
  for (const [number, row] of rows) if (row.due !== null && !row.rejected && !isGap(number)) rows.delete(number);
  if (!rows.size) { fs.closeSync(file); file = fs.openSync(set.spool, "w"); keep(JSON.stringify({ stream, seq })); }
  if (visit && rejected.some((one) => one.seq === visit.signIn)) visit.gone = true;
}
// --- Link: MQTT 5, clean start, no session at the broker, a will, a retained status ---
let visit = null, state = "idle", told = null;
const status = (online) => JSON.stringify({ online, wall_ms: Date.now(), mono_ms: mono(), boot, state, firmware: "example-1",
  session: visit?.session ?? null, setting: visit?.running?.id ?? null, spool_rows: rows.size, clock: "wall" });
const client = mqtt.connect({ host: set.host, port: set.port, protocolVersion: 5, clientId: set.machine, clean: true,
  properties: { sessionExpiryInterval: 0 }, keepalive: 10, reconnectPeriod: 1000,
  will: { topic: topic("up/status"), payload: status(false), qos: 1, retain: true, properties: { willDelayInterval: 5 } } });
client.on("connect", () => {
  client.stream.setNoDelay?.(true);
  client.subscribe(topic("down/#"), { qos: 1 });
  for (const row of rows.values()) row.due = told = null; // everything un-committed once more, and the status
});
client.on("message", (name, payload, packet) => hear(name.split("/").pop(), payload, packet.retain));
client.on("error", (error) => console.error(error.message));
setInterval(() => { // status at every change, at most five times a second
  const news = `${state} ${visit?.session} ${visit?.running?.id}`;
  if (client.connected && news !== told) client.publish(topic("up/status"), status(true), { qos: 1, retain: true });
  told = client.connected ? news : null;
  send();
}, 200);
setInterval(() => { told = null; }, 60_000); // and once a minute
// --- What the service says: refuse, never clamp; the first failure is the reason ---
const JUDGES = { plan: whyNotPlan, setting: whyNotSetting,
  hold: (hold) => hold.action === "freeze" && hold.session !== visit.session ? "STATE" : null };
function receipt(result, reason, what) {
  const { load_g = 0, start_cdeg = 0, end_cdeg = 0 } = visit.running ?? {}; // what the drive has now
  record("receipt", { result, applied: { load_g, start_cdeg, end_cdeg }, reason, ...what });
}
function hear(kind, payload, retained, message = null) {
  try { message = payload.length <= 16_384 ? JSON.parse(payload.toString()) : null; } catch { /* not JSON */ }
  const isRead = message !== null && schemas[kind] && fits(schemas[kind], message);
  if (isRead && kind === "ack") return retained || message.stream !== stream ? undefined : acknowledge(message);
  if (!visit || !schemas[kind]) return;
  const reason = retained ? "RETAINED" : isRead ? JUDGES[kind](message) : "SCHEMA";
  const id = isRead && kind === "plan" ? message.settings[0]?.id ?? null : message?.id ?? null;
  if (reason === "IGNORED") return;
  if (reason) receipt("refused", reason, kind === "hold" ? { hold: id } : { setting: isRead ? id : null });
  else if (kind === "hold") obey(message);
  else if (kind === "plan") [visit.plan, visit.seen] = [message, new Map(message.settings.map((row) => [row.seq, row]))];
  else { dropQueued("SUPERSEDED"); visit.seen.set(message.seq, visit.queued = message); }
}
function dropQueued(reason) {
  if (visit.queued) receipt("expired", reason, { setting: visit.queued.id });
  delete visit.queued;
}
function whyNotPlan(plan) {
  const isMine = (one) => one.session === visit.session && one.nonce === visit.nonce, limits = plan.envelope;
  if (!visit.plan && !plan.settings.length && isMine(plan)) visit.gone = true; // it opens nothing: no signature needed
  if (visit.plan || visit.gone) return "IGNORED";
  if (!isSigned(plan, "command") || !isSigned(limits, "envelope")) return "SIGNATURE";
  if (limits.machine_kind !== set.kind) return "MACHINE";
  if (limits.subject !== crypto.createHmac("sha256", site).update(visit.badge).digest("hex").slice(0, 32)) return "SUBJECT";
  if (![plan, ...plan.settings].every(isMine)) return "SESSION_NONCE";
  const broken = plan.settings.map((row) => tooMuch(row, limits)).find(Boolean);
  return broken ?? (Date.now() < limits.valid_until_ms ? null : "ENVELOPE_VERSION");
}
const tooMuch = (row, limits, side = limits.sides[row.side]) =>
  row.load_g > Math.min(limits.max_load_g, limits.phase_cap_g) ? "LOAD" :
    !side || row.start_cdeg < side.lowest_cdeg || row.end_cdeg > side.highest_cdeg ? "RANGE" : null;
function whyNotSetting(one) {
  if (!visit.plan || !isSigned(one, "command")) return visit.plan ? "SIGNATURE" : "STATE";
  const { envelope: limits, settings } = visit.plan, now = visit.last ?? settings[0], basisMs = visit.told.get(one.basis.seq);
  if (JSON.stringify(plain(visit.seen.get(one.seq) ?? 0)) === JSON.stringify(plain(one))) return "IGNORED"; // once more
  if (one.session !== visit.session || one.nonce !== visit.nonce) return "SESSION_NONCE";
  if (one.load_g % 100 || one.reps < 1 || one.reps > 30) return "UNIT";
  if (one.envelope_version !== limits.version || Date.now() >= limits.valid_until_ms) return "ENVELOPE_VERSION";
  if (one.seq <= Math.max(...visit.seen.keys())) return "SEQ";
  if (one.seq <= visit.heldSeq) return "HELD";
  if (one.basis.stream !== stream || basisMs === undefined || visit.lastRep > one.basis.seq) return "BASIS";
  if (mono() - basisMs > Math.min(one.ttl_ms, COMMAND_MOST_MS)) return "EXPIRED";
  const isToCome = settings.some((row) => row.set === one.set && row.side === one.side && row.set > visit.begun);
  if (state === "stopped" || !isToCome) return "STATE";
  const rises = one.load_g > now.load_g || one.start_cdeg < now.start_cdeg || one.end_cdeg > now.end_cdeg;
  return tooMuch(one, limits) ?? (rises ? "EVIDENCE" : null); // this machine measures too little to let anything rise
}
function obey(hold) { // unsigned, late or repeated; who is at the machine lets it go on
  const before = state;
  visit.heldSeq = Math.max(visit.heldSeq, hold.seq);
  dropQueued("HELD");
  if (hold.action !== "freeze") { state = "stopped"; visit.endSet?.("staff"); }
  receipt("applied", before === "stopped" ? "STOPPED" : null, { hold: hold.id });
}
// --- The person: signs in, waits for the plan, trains, answers, leaves; and the next one comes ---
async function people() {
  for (let number = 1; ; number++) {
    while (!client.connected) await real(100);
    [state, visit] = ["identified", { session: crypto.randomUUID(), nonce: crypto.randomBytes(16).toString("hex"),
      badge: `${set.badge}-${number}`, signIn: seq + 1, told: new Map(), lastRep: 0, heldSeq: 0, begun: 0 }];
    record("sign_in", { nonce: visit.nonce, machine_kind: set.kind, firmware: "example-1", badge: visit.badge });
    for (const until = mono() + 120_000; !visit.plan && !visit.gone && mono() < until;) await real(50);
    if (visit.plan) await session(visit.plan);
    if (state === "stopped") await body(20_000); // until staff enter their PIN
    record("sign_out");
    await body(20_000, [visit, state] = [null, "idle"]);
  }
}
async function session(plan) {
  await body(2500, state = "ready"); // the person confirms name and first load, and sits still on the scales
  record("gravity", { deg: [10, 25, 40], nm: [40, 30, 15] });
  if (plan.questions.includes("pain_before")) record("answer", { question: "pain_before", value: 0, set: null });
  for (const row of plan.settings) {
    if (row.opens) break; // only staff may open it, by a PIN; this machine has nobody who could
    const same = { ...row, load_g: Math.min(row.load_g, visit.last?.load_g ?? row.load_g) }; // the lower of plan and last
    const next = { ...(visit.queued ?? same), set: row.set }; delete visit.queued;
    if (state !== "stopped") await training(next);
    if (state === "stopped") return;
    for (const [question, value] of [["rir", "many"], ["pain_set", 0]]) record("answer", { question, value, set: row.set });
    await body(Math.max(row.rest_ms - 3000, 0)); // what comes later than 3 s before the end waits for the next set
  }
  dropQueued("SESSION_CLOSED");
}
async function training(row) {
  let reps = 0, [concentric_s, hold_s, eccentric_s] = row.tempo_ms.map((ms) => ms / 1000), began = mono();
  const nm = row.load_g * 0.00981 * 0.4, span = (row.end_cdeg - row.start_cdeg) / 100; // a lever of 0.4 m
  const { side, id: setting, load_g } = row, start_deg = row.start_cdeg / 100, end_deg = row.end_cdeg / 100;
  [state, visit.running, visit.last, visit.begun] = ["working", row, row, row.set];
  visit.endSet = (ended_by) => {
    visit.endSet = visit.running = null;
    record("set_end", { set: row.set, side, setting, reps, partial_reps: 0, ended_by, duration_s: (mono() - began) / 1000 });
  };
  receipt("applied", null, { setting });
  while (await body((concentric_s + hold_s + eccentric_s) * 1000), visit.endSet) { // not stopped meanwhile
    record("rep", { set: row.set, rep: ++reps, side, setting, load_g, start_deg, end_deg, concentric_s, hold_s, eccentric_s,
      peak_torque_nm: nm, mean_torque_nm: nm, work_j: nm * span * Math.PI / 180, peak_speed_deg_s: 1.5 * span / concentric_s,
      mean_speed_deg_s: span / concentric_s, smoothness: -2, quality: [] });
    if (reps >= row.reps) return visit.endSet("target", state = "rest");
  }
}
people();
