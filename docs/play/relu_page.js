// The second part of the page: regions of a random ReLU network, and a climb to the steepest one.

"use strict";

{
  const CONTROLS = ["width", "network", "biases", "p"];
  const REACH = 5;
  const GRID = 240;
  const PAUSE = 450;
  const VIRIDIS = [[68, 1, 84], [49, 104, 142], [53, 183, 121], [253, 231, 37]];

  const form = document.getElementById("relu-form").elements;
  const canvas = document.getElementById("relu");
  const said = document.getElementById("relu-said");
  const link = document.getElementById("relu-link");
  const picture = plane(canvas, REACH);

  let network = [];
  let exact = 0;
  let field = null;
  let path = [];
  let ended = false;
  let random = null;
  let timer = null;

  const exponent = () => Number(form.p.value);
  const normAt = (x, y) => dualNorm(gradient(network, pattern(network, x, y)), exponent());

  function build() {
    random = generator(Number(form.network.value));
    network = drawNetwork(Number(form.width.value), form.biases.checked, random);
    form.widthShown.value = form.width.value;
    measure();
  }

  function measure() {
    exact = constant(network, exponent());
    field = painted();
    startAt(...(path.length ? path[0] : [0.6 * REACH, -0.4 * REACH]));
  }

  /** The norm of the gradient over a grid, as a picture. */
  function painted() {
    const image = new ImageData(GRID, GRID);
    for (let row = 0; row < GRID; row += 1) {
      for (let column = 0; column < GRID; column += 1) {
        const x = ((column + 0.5) / GRID) * 2 * REACH - REACH;
        const y = REACH - ((row + 0.5) / GRID) * 2 * REACH;
        const shade = viridis(exact > 0 ? normAt(x, y) / exact : 0);
        image.data.set([...shade, 255], 4 * (row * GRID + column));
      }
    }
    const layer = document.createElement("canvas");
    layer.width = layer.height = GRID;
    layer.getContext("2d").putImageData(image, 0, 0);
    return layer;
  }

  function viridis(share) {
    const place = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
    const low = Math.min(Math.floor(place), VIRIDIS.length - 2);
    return VIRIDIS[low].map((value, k) => value + (place - low) * (VIRIDIS[low + 1][k] - value));
  }

  function startAt(x, y) {
    stop();
    path = [[x, y]];
    ended = false;
    draw();
  }

  function draw() {
    const { context, size, at } = picture;
    context.imageSmoothingEnabled = false;
    context.drawImage(field, 0, 0, size, size);
    context.lineWidth = 1;
    context.globalAlpha = 0.5;
    network.forEach((neuron) => picture.line(neuron, "#ffffff"));
    context.globalAlpha = 1;
    context.lineWidth = 3;
    context.strokeStyle = "#d55e00";
    context.beginPath();
    path.forEach((place) => context.lineTo(...at(...place)));
    context.stroke();
    path.forEach((place, k) => {
      context.fillStyle = k === path.length - 1 ? "#d55e00" : "#ffffff";
      context.beginPath();
      context.arc(...at(...place), k === path.length - 1 ? 9 : 5, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
    picture.drawCross();
    said.textContent = sentence();
    canvas.setAttribute("aria-label", said.textContent);
    link.href = `${addressOf(form, CONTROLS, { steps: path.length - 1 })}#slope`;
    form.step.disabled = form.climb.disabled = ended;
  }

  function sentence() {
    const place = path[path.length - 1];
    const name = { 1: "1", 2: "2", Infinity: "∞" }[exponent()];
    const found = normAt(...place);
    const away = Math.max(...place.map(Math.abs)) > REACH ? " It is outside of the picture now." : "";
    const so = `Gradient here ${found.toFixed(3)}; lip of p = ${name} is ${exact.toFixed(3)}.`;
    if (!ended) return so + away;
    const reached = found >= exact * (1 - 1e-9);
    const share = `${Math.floor((100 * found) / exact)} %`;
    const end = reached
      ? "The climb has found the steepest region."
      : `No neighbour is steeper: the climb ends at ${share} of it. Try another start.`;
    return `${so} ${end}${away}`;
  }

  function forward() {
    const next = climb(network, path[path.length - 1], exponent());
    if (next === null) {
      ended = true;
      stop();
    } else {
      path.push(next.place);
    }
    draw();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
  }

  for (const name of ["width", "network", "biases"]) form[name].addEventListener("input", build);
  for (const radio of form.p) radio.addEventListener("change", measure);
  form.step.addEventListener("click", () => {
    stop();
    forward();
  });
  form.climb.addEventListener("click", () => {
    stop();
    timer = setInterval(forward, PAUSE);
    forward();
  });
  form.start.addEventListener("click", () =>
    startAt(REACH * (2 * random.uniform() - 1), REACH * (2 * random.uniform() - 1)),
  );
  picture.listen(startAt, draw);
  document.getElementById("relu-form").addEventListener("submit", (event) => event.preventDefault());
  onScheme(draw);
  fillFromAddress(form, CONTROLS);
  build();
  for (let steps = numberInAddress("steps", 0); steps > 0 && !ended; steps -= 1) forward();
}
