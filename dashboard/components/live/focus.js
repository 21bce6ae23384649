const LOOKS_MOST = 3; // then one has gone elsewhere

// Who has left a dialog goes on at the button that opened it: the page does not know it, for it is in the component.
function giveBack(floor) {
  if (!floor.pressed) return;
  if (isDialogOpen() || !floor.pressed.isOpen) return;
  const { machine, act, looks = 1 } = floor.pressed;
  const isElsewhere = document.activeElement !== document.body; // or still in what is closing
  floor.pressed = isElsewhere && looks < LOOKS_MOST ? { ...floor.pressed, looks: looks + 1 } : null;
  if (isElsewhere) return;
  const node = floor.tiles.get(machine)?.node;
  (node?.querySelector(`.acts .${act}`) ?? node?.querySelector(".acts button") ?? node)?.focus();
}

// A dialog may come and go between two looks: that it was there is noted when it comes.
function watchDialogs(floor) {
  const watcher = new MutationObserver(() => {
    if (floor.pressed && isDialogOpen()) floor.pressed.isOpen = true;
  });
  watcher.observe(document.body, { childList: true, subtree: true });
  return watcher;
}

const isDialogOpen = () => document.querySelector("[role=dialog]") !== null;
