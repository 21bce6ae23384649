// The viewer of the page sees the floor no more: the sign-in has ended, or somebody else has signed in beside it, in
// another tab. Nobody's name stays, and the page starts anew as whoever has signed in; once, should that not mend it.
const RELOADED = "openspine-reloaded";

function end(floor, state) {
  const isFirst = sessionStorage.getItem(RELOADED) === null;
  if (!isFirst && state === "ended") {
    become(floor, state); // the browser alone is refused: the page still reads what it may
    return;
  }
  floor.isOver = true;
  floor.close();
  floor.tiles.clear();
  floor.root.replaceChildren(element("p", floor.data.words[state]));
  if (!isFirst) return;
  sessionStorage.setItem(RELOADED, state);
  location.reload();
}

function hasLasted() {
  sessionStorage.removeItem(RELOADED);
}
