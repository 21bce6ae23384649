// Which page belongs to what the agent waits for. The page decides nothing that the agent has to know.

const BY_STATE = { boot: "starting", paused: "paused", stopped: "stopped", fault: "fault", estop: "fault" };
const BY_AWAITS = {
  identify: "welcome",
  plan: "plan",
  offline_pin: "offline",
  staff_opens: "opening",
  guided_only: "guided",
  confirm: "confirm",
  weigh_in: "weigh",
  weighing: "weighing",
  answers: "question",
  start: "ready",
  loading: "live",
  set: "live",
  rest: "rest",
  resume: "paused",
  staff_pin: "stopped",
  reset: "fault",
  sign_off: "goodbye",
};

export function route(view, memory) {
  const page = BY_STATE[view.state] ?? BY_AWAITS[view.awaits] ?? "starting";
  const isBeforeTraining = view.state === "ready" && view.sets > 0 && page !== "confirm" && page !== "goodbye";
  return isBeforeTraining && !memory.isSeated ? "set_up" : page;
}

// A page is built anew when this changes; otherwise it is only updated.
export function identity(page, view) {
  const [open] = view.questions;
  const parts = { question: `${open?.question}:${open?.set}`, live: view.set, ready: view.set, fault: view.state };
  return `${page}/${view.session}/${parts[page] ?? ""}`;
}
