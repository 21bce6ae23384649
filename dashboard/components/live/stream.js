// One event stream for the whole floor: every machine thinned to a few points a second, the opened one whole.
// EventSource reconnects by itself; what is drawn is never older than it says.
const PACE_MS = 250;
const AGAIN_MS = 5000; // after an answer that is no stream (a restart, no database): the browser gives up on it for good
const STALE_MS = 8000; // the service's heartbeat comes every 5 s
const LOOPBACK = ["localhost", "127.0.0.1"];

function listen({ onFrames, onState, onAlive }) {
  const stream = { source: null, address: "", again: 0, heardAt: 0, failed: false };
  const alive = () => {
    stream.failed = false;
    stream.heardAt = performance.now();
    onAlive();
  };
  const connect = () => {
    const source = new EventSource(stream.address, { withCredentials: true }); // the sign-in is a cookie
    stream.source = source;
    source.addEventListener("state", () => { alive(); onState(); });
    for (const name of ["open", "heartbeat"]) source.addEventListener(name, alive);
    source.addEventListener("frame", (event) => { alive(); onFrames([JSON.parse(event.data)]); });
    source.addEventListener("frames", (event) => { alive(); onFrames(JSON.parse(event.data).items); });
    source.addEventListener("error", () => {
      stream.failed = true;
      onAlive();
      if (source.readyState === EventSource.CLOSED && source === stream.source) stream.again = setTimeout(connect, AGAIN_MS);
    });
  };
  stream.to = (url, machine) => {
    const address = addressOf(url, machine);
    if (address === stream.address) return;
    stream.close();
    stream.address = address;
    connect();
  };
  stream.close = () => {
    clearTimeout(stream.again);
    stream.source?.close();
  };
  stream.condition = () => {
    if (stream.heardAt === 0) return stream.failed ? "lost" : "connecting";
    return stream.failed || performance.now() - stream.heardAt > STALE_MS ? "lost" : "live";
  };
  return stream;
}

// The sign-in's cookie belongs to one host name: on the same machine, the one that the viewer has typed.
function atHost(url) {
  const found = new URL(url, window.location.href);
  const typed = window.location.hostname;
  if (LOOPBACK.includes(found.hostname) && LOOPBACK.includes(typed)) found.hostname = typed;
  return found.href;
}

function addressOf(url, machine) {
  const found = new URL(atHost(url));
  found.searchParams.set("pace_ms", PACE_MS);
  if (machine) found.searchParams.set("trace", machine);
  return found.href;
}
