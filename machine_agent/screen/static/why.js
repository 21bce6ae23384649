// The reasons of a setting in the patient's words: what comes next, because ...

import * as format from "./format.js";
import { has, t } from "./words.js";

const MOST = 2; // sentences; the whole list is for staff
const FORMS = {
  raise_load: (values) => [format.load(values.from_g), format.load(values.to_g)],
  raise_time: (values) => [format.whole(values.from_ms), format.whole(values.to_ms)],
  raise_reps: (values) => [values.from_reps, values.to_reps],
  raise_range: (values) => [values.from_cdeg / 100, values.to_cdeg / 100],
};

const CLIMBS = ["plan_back", "climb"]; // up without a step of today

export const directionOf = (why) => {
  const { code = "", values = {} } = why[0] ?? {};
  if (code.startsWith("raise_") || CLIMBS.includes(code)) return "up";
  const isLess = values.to_g < values.from_g || values.to_cdeg < values.from_cdeg; // a limit may also take none
  const isCut = code.startsWith("limit_") && isLess;
  return isCut || code.startsWith("lower_") ? "down" : "equal";
};

export function sentences(why, lastSet) {
  const told = why.filter(({ code }, place) => place === 0 || !code.startsWith("limit_")); // first: it took something
  const found = told.slice(0, MOST).map((one) => sentence(one, lastSet)).filter(Boolean);
  return found.length ? found : [t("why.nothing")];
}

function sentence({ code, values }, lastSet) {
  if (code in FORMS) return raise(code, values, lastSet);
  if (has(`why.${code}`)) return t(`why.${code}`);
  const [, part, cause] = code.match(/^(hold|lower|stay|cap)_(.+)$/) ?? [];
  return part && has(`cause.${cause}`) ? t(`why.${part}`, { cause: t(`cause.${cause}`, values) }) : "";
}

function raise(code, values, lastSet) {
  const [from, to] = FORMS[code](values);
  const isAll = lastSet && lastSet.ended_by === "target" && lastSet.partial_reps === 0 && lastSet.reps > 1;
  return isAll ? t(`why.${code}_all`, { from, to, reps: lastSet.reps }) : t(`why.${code}`, { from, to });
}
