// One event stream for the whole floor: every machine thinned to a few points a second, the opened one whole.
// EventSource reconnects by itself; what is drawn is never older than it says.
const PACE_MS = 250;
const STALE_MS = 8000; // the service's heartbeat comes every 5 s
const LOOPBACK = ["localhost", "127.0.0.1"];

function listen({ onFrames, onAlive }) {
  const stream = { source: null, address: "", heardAt: 0, failed: false };
  const alive = () => {
    stream.failed = false;
    stream.heardAt = performance.now();
    onAlive();
  };
  stream.to = (url, machine) => {
    const address = addressOf(url, machine);
    if (address === stream.address) return;
    stream.close();
    stream.address = address;
    stream.source = new EventSource(address, { withCredentials: true }); // the sign-in is a cookie
    for (const name of ["open", "heartbeat", "state"]) stream.source.addEventListener(name, alive);
    stream.source.addEventListener("frame", (event) => { alive(); onFrames([JSON.parse(event.data)]); });
    stream.source.addEventListener("frames", (event) => { alive(); onFrames(JSON.parse(event.data).items); });
    stream.source.addEventListener("error", () => { stream.failed = true; onAlive(); });
  };
  stream.close = () => stream.source?.close();
  stream.condition = () => {
    if (stream.heardAt === 0) return stream.failed ? "lost" : "connecting";
    return stream.failed || performance.now() - stream.heardAt > STALE_MS ? "lost" : "live";
  };
  return stream;
}

// The sign-in's cookie belongs to one host name: on the same machine, the one that the viewer has typed.
function addressOf(url, machine) {
  const found = new URL(url, window.location.href);
  const typed = window.location.hostname;
  if (LOOPBACK.includes(found.hostname) && LOOPBACK.includes(typed)) found.hostname = typed;
  found.searchParams.set("pace_ms", PACE_MS);
  if (machine) found.searchParams.set("trace", machine);
  return found.href;
}
