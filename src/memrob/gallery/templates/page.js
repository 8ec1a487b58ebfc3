// What the page does beyond HTML and CSS; without it every figure, caption and verdict is there.

const shades = JSON.parse(document.getElementById("shades").textContent);
const ZERO_TO_THREE = 3;

// Values of heatmaps: maps of this run, the published cells and z, with one cell marked in all.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function written(value, digits = 3) {
  if (value === null) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "−");
}

function shade(colours, share) {
  const place = Math.round(Math.min(Math.max(share, 0), 1) * (colours.length - 1));
  return colours[place];
}

// One pixel a cell, rows upwards; the style sheet enlarges it.
function paint(values, columns, rows, colour) {
  const canvas = element("canvas", { width: columns, height: rows });
  const pen = canvas.getContext("2d");
  values.forEach((value, k) => {
    if (value === null) return;
    pen.fillStyle = colour(value);
    pen.fillRect(k % columns, rows - 1 - Math.floor(k / columns), 1, 1);
  });
  return canvas;
}

function panelsOf(data) {
  const colour = (value) => shade(shades[data.quantity], value / data.top);
  const far = (z) => shade(shades.z, (z / ZERO_TO_THREE + 1) / 2);
  const panels = [{ name: "this run", values: data.run, trials: data.trials, colour }];
  if (data.published) {
    const trials = data.published_trials;
    panels.push({ name: "published", values: data.published, trials, colour });
  }
  if (data.z) panels.push({ name: "z", title: "z, from −3 to 3", values: data.z, colour: far });
  return panels;
}

function range(axis) {
  const { symbol, values } = axis;
  if (values.length === 1) return `${symbol} = ${written(values[0])}`;
  return `${symbol} from ${written(values[0])} to ${written(values.at(-1))}`;
}

function explore(details) {
  const source = details.querySelector("script.values");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const columns = data.x.values.length, rows = data.y.values.length;
  const panels = panelsOf(data);
  const maps = element("div", { class: "maps" });
  const readout = element("output", { class: "readout" });
  const explorer = element("div", {
    class: "explorer", tabindex: 0, role: "application",
    "aria-label": `Cells of the ${data.name}: arrow keys move, the values are read out`,
  });
  let chosen = null;

  function choose(column, row) {
    chosen = [Math.min(Math.max(column, 0), columns - 1), Math.min(Math.max(row, 0), rows - 1)];
    const [i, j] = chosen, k = j * columns + i;
    const where = [data.x, data.y].map((axis, n) => `${axis.symbol} = ${written(axis.values[chosen[n]])}`);
    const parts = panels.map(({ name, values, trials }) => {
      const value = element("b", {}, written(values[k], name === "z" ? 2 : 3));
      const count = Array.isArray(trials) ? trials[k] : trials;
      const known = count && values[k] !== null;
      const note = known ? ` (${count} trial${count === 1 ? "" : "s"})` : "";
      return element("span", {}, `${name} `, value, note);
    });
    readout.replaceChildren(element("span", { class: "where" }, where.join(", ")), ...parts);
    for (const mark of maps.querySelectorAll(".mark")) {
      mark.style.cssText = `left: ${(100 * i) / columns}%; top: ${(100 * (rows - 1 - j)) / rows}%;` +
        `width: ${100 / columns}%; height: ${100 / rows}%; display: block`;
    }
  }

  function follow(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    choose(Math.floor(across * columns), rows - 1 - Math.floor(down * rows));
  }

  function step(event) {
    const [i, j] = chosen ?? [Math.floor(columns / 2), Math.floor(rows / 2)];
    const moves = {
      ArrowLeft: [i - 1, j], ArrowRight: [i + 1, j], ArrowUp: [i, j + 1], ArrowDown: [i, j - 1],
      Home: [0, j], End: [columns - 1, j], PageUp: [i, rows - 1], PageDown: [i, 0],
    };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(...moves[event.key]);
  }

  for (const { name, title, values, colour } of panels) {
    if (name === "z" && !values.some(Boolean)) continue;
    const sheet = element("div", { class: "map" }, paint(values, columns, rows, colour));
    sheet.style.aspectRatio = `${columns} / ${Math.min(Math.max(rows, columns / 8), columns)}`;
    sheet.append(element("i", { class: "mark" }));
    sheet.addEventListener("pointermove", follow);
    sheet.addEventListener("pointerdown", follow);
    maps.append(element("div", {}, element("p", {}, title ?? name), sheet));
  }
  maps.style.setProperty("--panels", maps.children.length);
  const axes = `Across: ${range(data.x)}. Up: ${range(data.y)}. One square is one cell.`;
  readout.append("Point at a cell, tap it, or move with the arrow keys.");
  explorer.append(readout, maps, element("p", { class: "axes" }, axes));
  explorer.addEventListener("keydown", step);
  explorer.addEventListener("focus", () => chosen ?? choose(columns >> 1, rows >> 1));
  source.after(explorer);
  details.hidden = false;
}

document.querySelectorAll("details.cells").forEach(explore);
// Where there is room, a published figure opens beside its numbers.
for (const details of document.querySelectorAll("details.cells")) {
  details.open = matchMedia("(hover: hover) and (min-width: 761px)").matches;
}

// The bar marks the part that is being read, and keeps its name in sight.

const bar = document.querySelector(".bar ul");
const entries = new Map([...bar.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
const watcher = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) {
      const link = entries.get(target.id);
      if (!isIntersecting) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "true");
        bar.scrollTo({ left: link.offsetLeft - bar.offsetLeft - 24 });
      }
    }
  },
  { rootMargin: "-30% 0px -69% 0px" },
);
for (const id of entries.keys()) watcher.observe(document.getElementById(id));

// Other orders of the figures: they move into sections of their own, and back.

const orders = JSON.parse(document.getElementById("orders").textContent);
const firstPart = document.querySelector(".part");
const homes = [...document.querySelectorAll(".part figure[id]")].map((figure) => [figure, figure.parentElement]);

function section(heading, anchors) {
  const figures = anchors.map((anchor) => document.getElementById(anchor));
  const kinds = new Set(figures.flatMap((figure) => [...figure.classList]).filter((name) => name !== "wide"));
  const row = element("div", { class: "figures" }, ...figures);
  return element("section", { class: ["experiment", ...kinds].join(" ") }, element("h3", {}, heading), row);
}

function arrange(order, title) {
  for (const [figure, home] of homes) home.append(figure);
  document.getElementById("arranged")?.remove();
  if (order in orders) {
    const sections = orders[order].map(([heading, anchors]) => section(heading, anchors));
    const arranged = element("section", { id: "arranged", class: "part" }, element("h2", {}, title), ...sections);
    firstPart.before(arranged);
  }
  const emptied = (each) => !each.querySelector("figure");
  for (const each of document.querySelectorAll(".experiment, .part")) each.hidden = emptied(each);
}

arrange("study");
for (const choice of document.querySelectorAll(".order input")) {
  const title = choice.parentElement.textContent.trim().replace(/^./, (letter) => letter.toUpperCase());
  choice.addEventListener("change", () => arrange(choice.id.replace("order-", ""), title));
  // Browsers restore the choice of an earlier visit.
  if (choice.checked) arrange(choice.id.replace("order-", ""), title);
}

// Every figure has a link to pass on.

async function share(button, anchor) {
  const address = location.href.replace(/#.*$/, "") + "#" + anchor;
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = "copied";
  } catch {
    location.hash = anchor;
    button.textContent = "see the address bar";
  }
}

for (const [figure] of homes) {
  const button = element("button", { class: "share", type: "button", "aria-live": "polite" }, "copy link");
  button.addEventListener("click", () => share(button, figure.id));
  figure.querySelector("h4").append(button);
}

// The filter itself is CSS. A link to what it or another order hides shows that again.

const all = document.getElementById("show-all");
const byStudy = document.getElementById("order-study");
for (const choice of document.querySelectorAll(".bar .sieve input")) {
  choice.addEventListener("change", () => document.querySelector("main").scrollIntoView());
}

const isShown = (target) => target.getClientRects().length > 0;

function reveal(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target || isShown(target)) return;
  const folded = target.closest("details");
  if (folded) folded.open = true;
  if (!isShown(target)) all.checked = true;
  if (!isShown(target)) byStudy.click();
  target.scrollIntoView();
}

addEventListener("hashchange", () => reveal(location.hash));
// A second click on a link leaves the address as it is.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link) reveal(link.hash);
});
// Browsers restore the filter of an earlier visit.
reveal(location.hash);
