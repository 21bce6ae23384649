// The floor in words, asked from the service itself: when it is due, and as soon as a machine's state changes. A page
// run has no part in it. What is shown already is not sent again (ETag), and a page that nobody sees does not ask.
const DUE_MS = 3000;
const SOON_MS = 300; // between two questions, whatever happens on the floor
const PATIENCE_MS = 5000;
const ENDED = [401, 403]; // who is refused like this sees nobody any more

function asking({ onFloor, onSame, onFailure }) {
  const asker = { address: "", version: "", timer: 0, askedAt: 0, isAsking: false, isOver: false };
  const plan = (wait) => {
    clearTimeout(asker.timer);
    if (!asker.isOver) asker.timer = setTimeout(ask, wait);
  };
  const ask = async () => {
    if (document.hidden || asker.isAsking) return;
    Object.assign(asker, { isAsking: true, isWanted: false, askedAt: performance.now() });
    const { address, version } = asker;
    try {
      const answer = await fetch(address, {
        credentials: "include", // the sign-in is a cookie
        cache: "no-store",
        headers: version ? { "If-None-Match": version } : {},
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const floor = answer.ok ? await answer.json() : null;
      if (asker.isOver || address !== asker.address) return;
      if (floor) {
        asker.version = answer.headers.get("ETag") ?? "";
        onFloor(floor);
      } else if (answer.status === 304 && version !== asker.version) asker.soon(); // of what is shown no more
      else if (answer.status === 304) onSame();
      else onFailure(ENDED.includes(answer.status) ? "ended" : "lost");
    } catch {
      asker.version = "";
      if (!asker.isOver) onFailure("lost");
    } finally {
      asker.isAsking = false;
      plan(asker.isWanted ? untilSoon() : DUE_MS - (performance.now() - asker.askedAt));
    }
  };
  const untilSoon = () => Math.max(0, SOON_MS - (performance.now() - asker.askedAt));
  const wake = () => { if (!document.hidden) asker.soon(); };
  document.addEventListener("visibilitychange", wake);
  asker.to = (address) => {
    if (address === asker.address) return;
    Object.assign(asker, { address, version: "" });
    plan(DUE_MS);
  };
  asker.soon = () => {
    asker.isWanted = true;
    if (!asker.isAsking) plan(untilSoon());
  };
  asker.forget = () => { asker.version = ""; };
  asker.close = () => {
    asker.isOver = true;
    clearTimeout(asker.timer);
    document.removeEventListener("visibilitychange", wake);
  };
  return asker;
}
