// Where the target will be: the tempo of the set goes round, and the newest target says where in it we are.

const AHEAD_MS = 80; // two targets so far apart tell out from back
const AT_END = 0.985; // share of the way that counts as the end

export function makePace(set) {
  const [out, hold, back] = set.tempo_ms;
  const start = set.start_cdeg / 100;
  const span = (set.end_cdeg - set.start_cdeg) / 100;
  const cycle = out + hold + back;
  const isMoving = out > 0 && back > 0;
  let before = null;
  let place = 0; // ms into the round at `seenAt`
  let seenAt = 0;
  let isStill = true;

  function see(at, target, isWaiting) {
    isStill = isWaiting;
    const share = span === 0 ? 0 : (target - start) / span;
    const isRising = before !== null && target > before.target + 0.01;
    const isFalling = before !== null && target < before.target - 0.01;
    if (isRising) place = share * out;
    else if (isFalling) place = out + hold + (1 - share) * back;
    else if (share > AT_END && place < out) place = out;
    else place = isWaiting ? 0 : place + at - seenAt;
    seenAt = at;
    if (before === null || at - before.at >= AHEAD_MS) before = { at, target };
  }

  // The target `ahead_ms` after the newest one (deg of travel).
  function ahead(ahead_ms) {
    if (!isMoving || isStill) return start;
    const at = (place + ahead_ms) % cycle;
    if (at < out) return start + (span * at) / out;
    return at < out + hold ? start + span : start + (span * (cycle - at)) / back;
  }
  return { see, ahead, start, end: start + span };
}
