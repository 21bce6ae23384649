// Views come in as server-sent events; touches go out as small posts.

const AGAIN_MS = 1000;
const TRIES = 3; // of a touch that was not taken
const PATIENCE_MS = 700;

export function listen(onSnapshot) {
  const source = new EventSource("/events");
  source.onmessage = (event) => onSnapshot(JSON.parse(event.data));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(onSnapshot), AGAIN_MS);
  };
}

// Resolves to true when the agent has taken the touch.
export async function send(touch, tries = TRIES) {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      const answer = await fetch("/touch", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(touch),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.ok) return true;
      if (answer.status < 500) return false;
    } catch {
      // The agent does not answer: try again, then say so.
    }
  }
  return false;
}
