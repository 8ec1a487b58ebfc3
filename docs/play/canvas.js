// A square of the plane on a canvas: colours of the page, places of clicks and keys.

"use strict";

/**
 * Picture of the square [-reach, reach]².
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} reach half the side
 */
function plane(canvas, reach) {
  const context = canvas.getContext("2d");
  const size = canvas.width;
  const at = (x, y) => [((x + reach) / (2 * reach)) * size, ((reach - y) / (2 * reach)) * size];
  const cross = { x: 0, y: 0, shown: false };

  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * 2 * reach - reach,
      reach - ((event.clientY - box.top) / box.height) * 2 * reach,
    ];
  }

  /** Draw the line a x + b y + c = 0. */
  function line({ a, b, c }, colour) {
    const norm = Math.hypot(a, b);
    if (norm === 0) return;
    const [x, y] = [(-c * a) / norm ** 2, (-c * b) / norm ** 2];
    const [dx, dy] = [(-b / norm) * 4 * reach, (a / norm) * 4 * reach];
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(...at(x - dx, y - dy));
    context.lineTo(...at(x + dx, y + dy));
    context.stroke();
  }

  /** Draw a cross where the keyboard is. */
  function drawCross() {
    if (!cross.shown) return;
    const [x, y] = at(cross.x, cross.y);
    context.strokeStyle = colour("--text");
    context.lineWidth = 2;
    for (const [dx, dy] of [[12, 0], [0, 12]]) {
      context.beginPath();
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
      context.stroke();
    }
  }

  /**
   * Tell of clicks, and of the arrow keys and Enter while the canvas has the focus.
   *
   * @param {function(number, number): void} chosen a click, or Enter
   * @param {function(): void} moved the cross is elsewhere
   */
  function listen(chosen, moved) {
    canvas.addEventListener("click", (event) => chosen(...placeOf(event)));
    canvas.addEventListener("keydown", (event) => {
      const step = reach / (event.shiftKey ? 100 : 25);
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (event.key in move) {
        const [dx, dy] = move[event.key];
        cross.x = Math.max(-reach, Math.min(reach, cross.x + dx * step));
        cross.y = Math.max(-reach, Math.min(reach, cross.y + dy * step));
        cross.shown = true;
        moved(cross.x, cross.y);
      } else if (event.key === "Enter") {
        chosen(cross.x, cross.y);
      } else {
        return;
      }
      event.preventDefault();
    });
    canvas.addEventListener("blur", () => {
      cross.shown = false;
      moved(cross.x, cross.y);
    });
  }

  return { context, size, at, line, listen, drawCross };
}

/** A colour of the style sheet, which differs between light and dark. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Call a function whenever the page turns light or dark. */
function onScheme(redraw) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
