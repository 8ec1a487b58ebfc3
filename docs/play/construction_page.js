// The first part of the page: hyperplanes fall, features light up, neurons appear one by one.

"use strict";

{
  const POINTS = 60;
  const CONTROLS = ["set", "n", "bias", "seed", "order"];
  const REACH = 1.25;
  const GRID = 240;
  const PAUSE = 700;
  const HUES = ["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00"];

  const form = document.getElementById("construction-form").elements;
  const canvas = document.getElementById("construction");
  const said = document.getElementById("construction-said");
  const link = document.getElementById("construction-link");
  const picture = plane(canvas, REACH);

  // Steps: 0 shows the points, 1 the hyperplanes, 1 + k the first k neurons.
  let state = { points: [], hyperplanes: [], found: null, fires: [], step: 0 };
  let own = [];
  let timer = null;

  const members = () => state.points.filter((point) => point.label === 1);
  const last = () => 1 + state.found.neurons.length;

  function build(step) {
    stop();
    const random = generator(Number(form.seed.value));
    const set = form.set.value;
    const points = set === "own" ? own : SETS[set](POINTS, random);
    const hyperplanes = drawHyperplanes(Number(form.n.value), Number(form.bias.value), random);
    state = { points, hyperplanes, found: null, fires: [], step };
    const visits = random.permutation(members().length);
    state.found = construct(points, hyperplanes, form.order.value, visits);
    state.step = Math.min(step, last());
    state.fires = regions();
    form.nShown.value = form.n.value;
    form.biasShown.value = Number(form.bias.value).toFixed(2);
    document.getElementById("own-points").hidden = set !== "own";
    document.getElementById("own-hint").hidden = set !== "own";
    draw();
  }

  /** For each neuron, at which cells of a grid it fires. */
  function regions() {
    const { neurons } = state.found;
    const masks = neurons.map(({ candidate }) => {
      const { x, y } = members()[candidate];
      return features(state.hyperplanes, x, y);
    });
    const fires = neurons.map(() => new Uint8Array(GRID * GRID));
    for (let row = 0; row < GRID; row += 1) {
      for (let column = 0; column < GRID; column += 1) {
        const x = ((column + 0.5) / GRID) * 2 * REACH - REACH;
        const y = REACH - ((row + 0.5) / GRID) * 2 * REACH;
        const here = features(state.hyperplanes, x, y);
        masks.forEach((mask, k) => {
          fires[k][row * GRID + column] = count(here, mask) < neurons[k].threshold ? 1 : 0;
        });
      }
    }
    return fires;
  }

  function draw() {
    const { context, size } = picture;
    context.fillStyle = colour("--back");
    context.fillRect(0, 0, size, size);
    const shown = state.found.neurons.slice(0, Math.max(0, state.step - 1));
    shown.forEach((_, k) => drawRegion(state.fires[k], HUES[k % HUES.length]));
    if (state.step > 0) {
      context.lineWidth = 1;
      context.globalAlpha = Math.max(0.12, Math.min(0.6, 12 / state.hyperplanes.length));
      state.hyperplanes.forEach((hyperplane) => picture.line(hyperplane, colour("--text")));
      context.globalAlpha = 1;
    }
    drawPoints(shown);
    picture.drawCross();
    said.textContent = sentence(shown);
    canvas.setAttribute("aria-label", said.textContent);
    link.href = `${addressOf(form, CONTROLS, { step: state.step })}#memorize`;
    const ended = state.step >= last();
    for (const name of ["step", "end", "play"]) form[name].disabled = ended;
    if (ended) stop();
  }

  function drawRegion(fires, hue) {
    const { context, size } = picture;
    const side = size / GRID;
    context.fillStyle = hue;
    context.globalAlpha = 0.35;
    for (let row = 0; row < GRID; row += 1) {
      for (let column = 0; column < GRID; ) {
        let end = column;
        while (end < GRID && fires[row * GRID + end]) end += 1;
        if (end > column) {
          context.fillRect(column * side, row * side, (end - column) * side, side);
        }
        column = end + 1;
      }
    }
    context.globalAlpha = 1;
  }

  function drawPoints(shown) {
    const { context, at } = picture;
    const covered = new Set(shown.flatMap((neuron) => neuron.fires));
    const made = new Set(shown.map((neuron) => neuron.candidate));
    let index = 0;
    for (const { x, y, label } of state.points) {
      const [left, top] = at(x, y);
      const member = label === 1 ? index++ : null;
      const tint = colour(label === 1 ? "--minus" : "--plus");
      context.lineWidth = 2.5;
      context.strokeStyle = tint;
      context.fillStyle = label === 0 || covered.has(member) ? tint : colour("--back");
      if (made.has(member)) {
        star(left, top, 13);
        continue;
      }
      context.beginPath();
      context.arc(left, top, 6, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  function star(left, top, radius) {
    const { context } = picture;
    context.beginPath();
    for (let k = 0; k < 10; k += 1) {
      const [length, angle] = [k % 2 ? radius * 0.45 : radius, (Math.PI * k) / 5 - Math.PI / 2];
      context.lineTo(left + length * Math.cos(angle), top + length * Math.sin(angle));
    }
    context.closePath();
    context.fill();
    context.strokeStyle = colour("--text");
    context.lineWidth = 1.2;
    context.stroke();
  }

  function sentence(shown) {
    const total = members().length;
    const plural = (k, word) => `${k} ${word}${k === 1 ? "" : "s"}`;
    if (!total || total === state.points.length) return "Place points of both classes.";
    if (state.step === 0) return `${plural(state.points.length, "point")}, ${total} of them in X⁻.`;
    const fallen = plural(state.hyperplanes.length, "hyperplane");
    if (state.step === 1 && last() > 1) return `${fallen}. The next step makes the first neuron.`;
    const covered = new Set(shown.flatMap((neuron) => neuron.fires)).size;
    const so = `${fallen}, ${plural(shown.length, "neuron")}: ${covered} of ${total} points of X⁻ covered.`;
    if (state.step < last()) return so;
    if (state.found.interpolates) return `${so} The network interpolates.`;
    const lost = state.found.hopeless.length;
    const left = lost === 1 ? "the point that is left" : `each of the ${lost} points that are left`;
    return `${so} It cannot interpolate: for ${left}, some point of X⁺ is active at no hyperplane at which it is inactive (m = 0). Try more hyperplanes or another λ.`;
  }

  function forward() {
    if (state.step < last()) state.step += 1;
    draw();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    form.play.textContent = "Play";
  }

  function play() {
    if (timer !== null) return stop();
    timer = setInterval(forward, PAUSE);
    form.play.textContent = "Pause";
    return forward();
  }

  const atEnd = () => state.found !== null && state.step >= last();
  for (const name of ["n", "bias", "seed"]) {
    // Whoever has seen the end sees the new end at once.
    form[name].addEventListener("input", () => build(atEnd() ? Infinity : Math.min(state.step, 1)));
  }
  form.set.addEventListener("change", () => build(0));
  for (const radio of form.order) {
    radio.addEventListener("change", () => build(atEnd() ? Infinity : Math.min(state.step, 1)));
  }
  form.play.addEventListener("click", play);
  form.step.addEventListener("click", () => {
    stop();
    forward();
  });
  form.end.addEventListener("click", () => {
    stop();
    state.step = last();
    draw();
  });
  form.restart.addEventListener("click", () => build(0));
  form.clear.addEventListener("click", () => {
    own = [];
    build(0);
  });
  picture.listen(
    (x, y) => {
      if (form.set.value !== "own") return;
      own = [...own, { x, y, label: Number(form.label.value) }];
      build(0);
    },
    () => form.set.value === "own" && draw(),
  );
  document.getElementById("construction-form").addEventListener("submit", (event) => event.preventDefault());
  onScheme(draw);
  fillFromAddress(form, CONTROLS);
  build(numberInAddress("step", 0));
}
