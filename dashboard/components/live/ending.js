// The viewer of the page sees the floor no more: the sign-in has ended, or somebody else has signed in beside it, in
// another tab. Nobody's name stays, and the page starts anew as whoever has signed in; once, should that not mend it.
const RELOADED = "openspine-reloaded";

function end(floor, state) {
  const wasReloaded = mark();
  if (wasReloaded && state === "ended") {
    become(floor, state); // the browser alone is refused: the page still reads what it may
    return;
  }
  floor.isOver = true;
  floor.close();
  floor.tiles.clear();
  floor.root.replaceChildren(element("p", floor.data.words[state]));
  if (wasReloaded === false && mark(state) === state) {
    location.reload();
    return;
  }
  const again = element("button", floor.data.words.load_again, { type: "button", className: "again" });
  again.addEventListener("click", () => location.reload());
  floor.root.append(again);
}

// Whether the page was started anew; `state`: that it is now. null where this browser keeps nothing: then it is not.
function mark(state) {
  try {
    if (state) sessionStorage.setItem(RELOADED, state);
    const found = sessionStorage.getItem(RELOADED);
    return state ? found : found !== null;
  } catch {
    return null;
  }
}

function hasLasted() {
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // this browser keeps nothing
  }
}
