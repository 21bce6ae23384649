// What the floor shows of each machine, in the viewer's words, unit and zone; pure: values in, values out.
// Sentences are English here; `said` holds those of another language.
const LIGHTS = { red: "Red", amber: "Amber", fine: "Fine", idle: "Idle" }; // the most urgent first
const COUNTED = { red: "{count} red", amber: "{count} amber", fine: "{count} fine", idle: "{count} idle" };
const ALARMED = ["stopped", "fault", "estop"]; // states in which somebody must go there
const OF_HOLDS = ["held", "not_delivered"]; // what the service says of a hold; the tile says more
const QUIET = ["override", "hands_on"]; // to be known, not to be run for
const UNHEARD = ["not_delivered", "refused"]; // of a hold
const KG_PER_LB = 0.45359237; // kg in one pound, exact (international pound, 1959)

function speaker({ said, unit, zone, language }) {
  const say = (sentence, values = {}) => (said[sentence] ?? sentence).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const word = (code) => (code ? say(code[0].toUpperCase() + code.slice(1).replaceAll("_", " ").toLowerCase()) : "—");
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  return {
    say,
    word,
    clock: (at) => time.format(new Date(at)),
    load: (kg) => `${rounded(unit === "kg" ? kg : kg / KG_PER_LB, 1)} ${unit}`,
    window: (start, end) => (start === null || end === null ? "—" : say("{start} to {end}°", { start: rounded(start, 0), end: rounded(end, 0) })),
    reason: (reason) => (language === "en" ? reason.text_en : reason.text_zh),
    station: (kind, side) => (side === null || side === "both" ? word(kind) : say("{station}, {side}", { station: word(kind), side: word(side).toLowerCase() })),
  };
}

// As on every other screen: to the nearer one, of two as near to the even one; a true minus, never "minus 0".
function rounded(value, digits) {
  const scaled = value * 10 ** digits;
  const isHalfway = Number.isInteger(value * 8) && Math.abs(scaled % 1) === 0.5; // in eighths, it is exact
  const text = (isHalfway ? (2 * Math.round(scaled / 2)) / 10 ** digits : value).toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

function floorFaces(floor, speak, { acts, wall, keep }) {
  const tiles = faultsFirst(floor.items);
  const shown = {
    asOf: speak.say("as of {time}", { time: speak.clock(floor.as_of) }),
    strip: Object.keys(LIGHTS).map((light) => ({ light, text: speak.say(COUNTED[light], { count: floor.summary[light] }) })),
    hands: tiles.map((tile) => hand(tile, speak)).filter(Boolean),
    tiles: tiles.map((tile) => face(tile, speak, { acts, keep })),
    free: acts && !wall ? freeLines(floor.items, speak) : [],
  };
  return wall ? onWall(shown) : shown;
}

function faultsFirst(tiles) {
  const urgency = ({ light }) => (light in LIGHTS ? Object.keys(LIGHTS).indexOf(light) : Infinity);
  const order = (one, other) => urgency(one) - urgency(other) || !one.patient - !other.patient || naturally(one.name, other.name);
  return [...tiles].sort(order);
}

// Row 2 before Row 10; numbers before words.
function naturally(one, other) {
  const [words, others] = [one, other].map((name) => name.split(/\s+/).filter(Boolean));
  for (let place = 0; place < Math.min(words.length, others.length); place += 1) {
    const [a, b] = [words[place], others[place]];
    const [isA, isB] = [a, b].map((word) => /^\d+$/.test(word));
    if (isA !== isB) return isA ? -1 : 1;
    if (isA && Number(a) !== Number(b)) return Number(a) - Number(b);
    if (!isA && a !== b) return a < b ? -1 : 1;
  }
  return words.length - others.length;
}

// What everybody in the room may read: nobody's whole name, nothing of anybody's health.
function onWall(shown) {
  const names = new Map(shown.tiles.map(({ machine, name }) => [machine, name]));
  return {
    ...shown,
    hands: shown.hands.map((one) => ({ ...one, who: names.get(one.machine) })),
    tiles: shown.tiles.map((one) => ({
      ...one, notices: [], last: "", acts: [], person: one.person && { ...one.person, name: shortName(one.person.name) },
    })),
  };
}

// The first word and initials: Chan M. L.
function shortName(name) {
  const [first = "", ...others] = name.split(/\s+/).filter(Boolean);
  return [first, ...others.map((other) => `${[...other][0]}.`)].join(" ");
}

function face(tile, speak, { acts, keep }) {
  const { say } = speak;
  const isSilent = tile.stale || !tile.online;
  const hasLoad = tile.load_kg !== null;
  return {
    machine: tile.machine,
    session: tile.session,
    name: tile.name,
    station: speak.station(tile.kind, tile.side),
    light: tile.light,
    lightWord: say(LIGHTS[tile.light] ?? LIGHTS.idle),
    grey: isSilent,
    gone: isSilent ? goneWords(tile, speak) : "",
    person: tile.patient && { ...tile.patient, href: `patient?${new URLSearchParams({ patient: tile.patient.id, ...keep })}` },
    place: placeWords(tile, speak),
    load: hasLoad ? speak.load(tile.load_kg) : "",
    window: hasLoad ? speak.window(tile.clinical_start_deg, tile.clinical_end_deg) : "",
    notices: notices(tile, speak),
    last: lastWords(tile, speak),
    still: !tile.online,
    spark: say("Movement of {name}: show it large", tile),
    angleOf: say("Angle of {name}", tile),
    torqueOf: say("Torque of {name}", tile),
    acts: acts ? actWords(tile, speak) : [],
  };
}

function goneWords(tile, { say, clock }) {
  if (tile.seen_at === null) return say("Not heard yet");
  return say("Not heard since {time}: this is how it was then", { time: clock(tile.seen_at) });
}

function placeWords(tile, { say, word }) {
  const parts = [word(tile.state)];
  if (tile.set !== null) parts.push(say("set {set} of {sets}", { set: tile.set, sets: tile.sets_planned || tile.set }));
  if (tile.rep !== null) parts.push(say("rep {rep} of {reps}", { rep: tile.rep, reps: tile.reps_planned || tile.rep }));
  return parts.join(" · ");
}

function notices(tile, speak) {
  const { say } = speak;
  const told = tile.attention
    .filter(({ code }) => tile.hold === null || !OF_HOLDS.includes(code))
    .map((reason) => ({ text: speak.reason(reason), alarm: !QUIET.includes(reason.code) }));
  if (tile.sounds) told.unshift({ text: say("It sounds: nobody has acknowledged the alert"), alarm: true });
  if (tile.hold !== null) told.push({ text: holdWords(tile, speak), alarm: UNHEARD.includes(tile.hold.delivery) });
  const isTold = tile.attention.some(({ code }) => code === "hands_on");
  if (tile.hands_on && !isTold) told.push({ text: say("First session: check by hand"), alarm: false });
  return told;
}

function holdWords({ hold }, { say, word, clock }) {
  const values = { action: word(hold.action), time: clock(hold.made_at) };
  if (UNHEARD.includes(hold.delivery)) return say("{action} at {time}: the machine has not obeyed, go there", values);
  return say("{action} by staff at {time}", values);
}

function lastWords({ last_setting: setting }, { clock, word, reason }) {
  if (setting === null || setting.why.length === 0) return "";
  return `${clock(setting.at)} · ${word(setting.state)} · ${reason(setting.why[0])}`;
}

// Why somebody must go to a machine now; null where nobody must.
function hand(tile, speak) {
  const { say } = speak;
  let why = null;
  if (tile.sounds) why = say("It sounds: nobody has acknowledged the alert");
  else if (tile.hold !== null && UNHEARD.includes(tile.hold.delivery)) why = holdWords(tile, speak);
  else if (ALARMED.includes(tile.state) && tile.online) why = say("Stands still until staff clear it at the machine");
  else if (tile.hands_on) why = say("First session: check by hand");
  return why && { machine: tile.machine, who: tile.patient ? `${tile.name} · ${tile.patient.name}` : tile.name, why };
}

// The buttons of a tile; a machine that is switched off can be told nothing.
function actWords(tile, { say }) {
  const wanted = [];
  if (tile.online) wanted.push(["stop", say("Stop")], ["hold", say("Hold")]);
  if (tile.hold !== null) wanted.push(["release", say("Release")]);
  if (tile.session !== null) wanted.push(["more", say("More")]);
  return wanted.map(([act, word]) => ({ act, word, told: `${word}: ${tile.name}` }));
}

// Where the next person can go, a line a kind.
function freeLines(tiles, { word }) {
  const kinds = new Map();
  for (const { kind, name, online, stale, state, session } of tiles) {
    if (online && !stale && state === "idle" && session === null) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  }
  return [...kinds].map(([kind, names]) => ({ kind: word(kind), names: names.join(", ") }));
}
