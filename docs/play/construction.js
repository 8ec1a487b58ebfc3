// The randomized construction of [M], Algorithm 2: hyperplanes, features, neurons one by one.

"use strict";

/**
 * Random hyperplanes: normals with standard Gaussian entries, shifts uniform on [-maxBias, maxBias].
 *
 * @returns {{a: number, b: number, c: number}[]} the feature of a point is 1 iff a x + b y + c > 0
 */
function drawHyperplanes(count, maxBias, random) {
  return Array.from({ length: count }, () => ({
    a: random.normal(),
    b: random.normal(),
    c: maxBias * (2 * random.uniform() - 1),
  }));
}

/** Features of a point, Φ(x): one 0 or 1 for each hyperplane. */
function features(hyperplanes, x, y) {
  return Uint8Array.from(hyperplanes, ({ a, b, c }) => (a * x + b * y + c > 0 ? 1 : 0));
}

/** Number of features that are 1 here and 0 at a candidate: ⟨u, Φ(x)⟩ with u = 1 - Φ(candidate). */
function count(here, candidate) {
  let total = 0;
  for (let i = 0; i < here.length; i += 1) total += here[i] & (1 - candidate[i]);
  return total;
}

/**
 * The neuron of a point of X⁻.
 *
 * @param {Uint8Array} candidate features of the point
 * @param {Uint8Array[]} others features of X⁺
 * @returns {number} m, the least ⟨u, Φ(x)⟩ over X⁺; the neuron fires where ⟨u, Φ(x)⟩ < m
 */
function threshold(candidate, others) {
  let least = candidate.length + 1;
  for (const other of others) least = Math.min(least, count(other, candidate));
  return least;
}

/**
 * Neurons of the second layer, in the order in which they are found.
 *
 * @param {{x: number, y: number, label: number}[]} points
 * @param {{a: number, b: number, c: number}[]} hyperplanes
 * @param {"random"|"greedy"} order which candidate is next
 * @param {number[]} visits for random order, indices into X⁻
 * @returns {{neurons: {candidate: number, threshold: number, fires: number[]}[],
 *   hopeless: number[], interpolates: boolean}} candidates and points as indices into X⁻;
 *   hopeless are those with m = 0, which no neuron covers
 */
function construct(points, hyperplanes, order, visits) {
  const of = (label) =>
    points.filter((p) => p.label === label).map((p) => features(hyperplanes, p.x, p.y));
  const members = of(1);
  const others = of(0);
  const thresholds = members.map((member) => threshold(member, others));
  const covers = (i) =>
    members.flatMap((member, j) => (count(member, members[i]) < thresholds[i] ? [j] : []));
  const hopeless = thresholds.flatMap((m, i) => (m === 0 ? [i] : []));
  const left = new Set(members.keys());
  const neurons = [];
  const take = (i, fires) => {
    neurons.push({ candidate: i, threshold: thresholds[i], fires });
    fires.forEach((j) => left.delete(j));
  };
  if (order === "greedy") {
    const all = members.map((_, i) => covers(i));
    for (;;) {
      const gains = all.map((fires) => fires.filter((j) => left.has(j)).length);
      const most = Math.max(0, ...gains);
      if (most === 0) break;
      const best = gains.indexOf(most);
      take(best, all[best]);
    }
  } else {
    for (const i of visits) if (left.has(i) && thresholds[i] > 0) take(i, covers(i));
  }
  return { neurons, hopeless, interpolates: left.size === 0 };
}

if (typeof module !== "undefined") {
  module.exports = { drawHyperplanes, features, count, threshold, construct };
}
