// The only place where grams, degrees of travel and milliseconds become what a person reads.

import { t } from "./words.js";

const G_PER_LB = 453.59237;
let units = "kg";
let kinds = {};

export function measureIn(about) {
  kinds = about.kinds;
  const asked = new URLSearchParams(location.search).get("units");
  units = asked === "lb" || asked === "kg" ? asked : about.units;
}

const amountOf = (load_g) => (units === "lb" ? load_g / G_PER_LB : load_g / 1000).toFixed(1);

export function load(load_g) {
  const value = amountOf(load_g);
  return units === "lb" ? t("unit.lb", { value }) : t("unit.kg", { value });
}

// The load of a set; "no load" where it is 0.
export const loadOf = (set) => (set && set.load_g > 0 ? load(set.load_g) : t("confirm.no_load"));

// Travel on the wire -> the angle that clinicians read (extension: 0 extended, 72 flexed).
export function angle(kind, travel_deg) {
  const { zero_deg, sign } = kinds[kind] ?? { zero_deg: 0, sign: 1 };
  return t("unit.deg", { value: Math.round(zero_deg + sign * travel_deg) || 0 });
}

export const range = (kind, set) =>
  t("confirm.range", { from: angle(kind, set.start_cdeg / 100), to: angle(kind, set.end_cdeg / 100) });
export const torque = (nm) => t("unit.nm", { value: Math.round(nm) || 0 });
export const seconds = (ms) => Math.ceil(ms / 1000);
export const minutes = (ms) => Math.ceil(ms / 60_000);
export const whole = (ms) => Number((ms / 1000).toFixed(1));

export function timeOf(wall_ms) {
  const at = new Date(wall_ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
