// A generator of random numbers with a seed, since the browser's own has none.

"use strict";

/**
 * Generator of 32-bit state (mulberry32).
 *
 * @param {number} seed whole number
 * @returns {{uniform: function(): number, normal: function(): number, permutation: function(number): number[]}}
 */
function generator(seed) {
  let state = seed >>> 0;
  function uniform() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  // Box and Muller; 1 - u is never 0.
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  function permutation(size) {
    const order = Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i -= 1) {
      const j = Math.floor(uniform() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
  return { uniform, normal, permutation };
}

if (typeof module !== "undefined") module.exports = { generator };
