// One random ReLU network on the plane: its gradient, its linear regions, its Lipschitz constants.

"use strict";

/**
 * Network x -> Σ v_i max(0, a_i x + b_i y + c_i), as in [L]: hidden weights N(0, 2/N), the last
 * ones N(0, 1), biases N(0, 1) or 0.
 */
function drawNetwork(width, gaussianBiases, random) {
  const scale = Math.sqrt(2 / width);
  return Array.from({ length: width }, () => ({
    a: scale * random.normal(),
    b: scale * random.normal(),
    c: gaussianBiases ? random.normal() : 0,
    v: random.normal(),
  }));
}

/** Which neurons are active at a point. */
function pattern(network, x, y) {
  return network.map(({ a, b, c }) => a * x + b * y + c > 0);
}

/** Gradient where those neurons are active. */
function gradient(network, active) {
  let [x, y] = [0, 0];
  network.forEach(({ a, b, v }, i) => {
    if (active[i]) [x, y] = [x + v * a, y + v * b];
  });
  return [x, y];
}

/** Norm of a gradient whose maximum is lip_p: that of the conjugate exponent of p = 1, 2 or ∞. */
function dualNorm([x, y], p) {
  if (p === 1) return Math.max(Math.abs(x), Math.abs(y));
  return p === 2 ? Math.hypot(x, y) : Math.abs(x) + Math.abs(y);
}

/**
 * Exact constant: every linear region touches a vertex of the arrangement of lines, or lies between
 * parallel neighbours far out, and all are met by points around the vertices and on a large circle.
 *
 * @returns {number} lip_p
 */
function constant(network, p) {
  let largest = 0;
  for (const [x, y] of witnesses(network)) {
    largest = Math.max(largest, dualNorm(gradient(network, pattern(network, x, y)), p));
  }
  return largest;
}

/** Points in the plane of which each region of the network has at least one. */
function* witnesses(network) {
  const lines = network.filter(({ a, b }) => a !== 0 || b !== 0);
  let farthest = 1;
  for (let i = 0; i < lines.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const [k, l] = [lines[i], lines[j]];
      const determinant = k.a * l.b - k.b * l.a;
      if (determinant === 0) continue;
      const x = (k.b * l.c - l.b * k.c) / determinant;
      const y = (l.a * k.c - k.a * l.c) / determinant;
      farthest = Math.max(farthest, Math.hypot(x, y));
      yield* around(k, l, x, y, clearance(lines, x, y, k, l));
    }
  }
  yield* far(lines, farthest);
}

/** Distance from a vertex to the nearest line that does not meet it, at most 1. */
function clearance(lines, x, y, ...own) {
  let least = 1;
  for (const line of lines) {
    if (own.includes(line)) continue;
    const distance = Math.abs(line.a * x + line.b * y + line.c) / Math.hypot(line.a, line.b);
    if (distance > 1e-9) least = Math.min(least, distance);
  }
  return least;
}

/** A point in each of the sectors between the lines that meet at a vertex. */
function* around(k, l, x, y, room) {
  const directions = [k, l].flatMap(({ a, b }) => [Math.atan2(a, -b), Math.atan2(-a, b)]);
  directions.sort((one, other) => one - other);
  for (let i = 0; i < 4; i += 1) {
    const next = i < 3 ? directions[i + 1] : directions[0] + 2 * Math.PI;
    const angle = (directions[i] + next) / 2;
    yield [x + (room / 2) * Math.cos(angle), y + (room / 2) * Math.sin(angle)];
  }
}

/** Points beyond all vertices, between the places where lines meet a large circle. */
function* far(lines, farthest) {
  const radius = 4 * (farthest + Math.max(1, ...lines.map((l) => Math.abs(l.c) / Math.hypot(l.a, l.b))));
  const angles = [];
  for (const { a, b, c } of lines) {
    const middle = Math.atan2(b, a);
    const half = Math.acos(Math.max(-1, Math.min(1, -c / (Math.hypot(a, b) * radius))));
    angles.push(middle - half, middle + half);
  }
  const sorted = angles.map((angle) => ((angle % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI));
  sorted.sort((one, other) => one - other);
  for (let i = 0; i < sorted.length; i += 1) {
    const next = i + 1 < sorted.length ? sorted[i + 1] : sorted[0] + 2 * Math.PI;
    const angle = (sorted[i] + next) / 2;
    yield [radius * Math.cos(angle), radius * Math.sin(angle)];
  }
}

/**
 * One step of a climb: to the neighbouring region with the largest gradient, if it is larger.
 *
 * @param {number[]} place a point in the present region
 * @returns {{place: number[], norm: number}|null} null where no neighbour is larger
 */
function climb(network, place, p) {
  const here = pattern(network, ...place);
  let best = { place, norm: dualNorm(gradient(network, here), p) };
  const start = best.norm;
  for (const neighbour of neighbours(network, place)) {
    const norm = dualNorm(gradient(network, pattern(network, ...neighbour)), p);
    if (norm > best.norm) best = { place: neighbour, norm };
  }
  return best.norm > start ? best : null;
}

const FAR = 0.3;

/** Points just beyond the nearest line in each of many directions: in regions around this one. */
function* neighbours(network, [x, y], directions = 180) {
  for (let k = 0; k < directions; k += 1) {
    const angle = (2 * Math.PI * k) / directions;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const crossings = [];
    for (const { a, b, c } of network) {
      const time = -(a * x + b * y + c) / (a * dx + b * dy);
      if (time > 1e-12 && Number.isFinite(time)) crossings.push(time);
    }
    crossings.sort((one, other) => one - other);
    if (!crossings.length) continue;
    const room = crossings.length > 1 ? (crossings[1] - crossings[0]) / 2 : FAR;
    const time = crossings[0] + Math.min(room, FAR);
    yield [x + time * dx, y + time * dy];
  }
}

if (typeof module !== "undefined") {
  module.exports = { drawNetwork, pattern, gradient, dualNorm, constant, climb };
}
