// The floor in words, asked from the service itself: when it is due, and as soon as a machine's state changes. A page
// run has no part in it. What is shown already is not sent again (ETag), and a page that nobody sees does not ask.
const DUE_MS = 3000;
const SOON_MS = 300; // between two questions, whatever happens on the floor
const PATIENCE_MS = 5000;
const ENDED = [401, 403]; // who is refused like this sees nobody any more
const NOT_MODIFIED = 304;

// `onFailure` is told "lost", "ended", or "another": the answer is for somebody else than the page.
function asking({ onFloor, onSame, onFailure }) {
  const asker = { address: "", viewer: "", version: "", timer: 0, askedAt: 0, heardAt: Date.now(), isAsking: false, isOver: false };
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
      const isSame = answer.status === NOT_MODIFIED;
      const isOthers = (answer.ok || isSame) && asker.viewer && answer.headers.get("X-Viewer") !== asker.viewer;
      const floor = answer.ok && !isOthers ? await answer.json() : null;
      if (asker.isOver || address !== asker.address) return;
      asker.heardAt = Date.now();
      if (isOthers) onFailure("another");
      else if (floor) {
        asker.version = answer.headers.get("ETag") ?? "";
        onFloor(floor);
      } else if (isSame && version !== asker.version) asker.soon(); // of what is shown no more
      else if (isSame) onSame();
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
  asker.to = (address, viewer) => {
    asker.viewer = viewer; // whose page it is; the cookie may be somebody else's by now
    if (address === asker.address) return;
    Object.assign(asker, { address, version: "" });
    plan(DUE_MS);
  };
  asker.soon = () => {
    asker.isWanted = true;
    if (!asker.isAsking) plan(untilSoon());
  };
  asker.isLate = () => !document.hidden && Date.now() - asker.heardAt > DUE_MS + PATIENCE_MS; // also asleep
  asker.forget = () => { asker.version = ""; };
  asker.close = () => {
    asker.isOver = true;
    clearTimeout(asker.timer);
    document.removeEventListener("visibilitychange", wake);
  };
  return asker;
}
