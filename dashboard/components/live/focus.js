// Who has left a dialog goes on at the button that opened it: the page does not know it, for it is in the component.
function giveBack(floor) {
  if (!floor.pressed) return;
  if (document.querySelector("[role=dialog]")) {
    floor.pressed.isOpen = true;
    return;
  }
  if (!floor.pressed.isOpen) return;
  const { machine, act } = floor.pressed;
  floor.pressed = null;
  if (document.activeElement !== document.body) return; // one has gone elsewhere
  const node = floor.tiles.get(machine)?.node;
  (node?.querySelector(`.acts .${act}`) ?? node?.querySelector(".acts button") ?? node)?.focus();
}
