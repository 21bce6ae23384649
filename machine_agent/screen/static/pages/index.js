// Every page: a function of the context that returns {node, update(snapshot), onKey?(event), end?()}.

import { confirm, plan, setUp, starting, weigh, weighing } from "./before.js";
import { fault, guided, offline, paused, stopped } from "./halted.js";
import { live } from "./live.js";
import { opening } from "./opening.js";
import { question } from "./question.js";
import { ready } from "./ready.js";
import { goodbye, rest } from "./rest.js";
import { welcome } from "./welcome.js";

export const pages = {
  starting, welcome, plan, offline, guided, confirm, set_up: setUp, weigh, weighing, question, ready, live, rest,
  goodbye, opening, paused, stopped, fault,
};
