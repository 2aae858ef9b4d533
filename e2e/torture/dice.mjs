// @ts-check
// Random numbers from a seed (mulberry32): what a page does is the same for the same seed.

/** @typedef {{ below: (bound: number) => number }} Dice `below`: an integer from 0 up to, not including, the bound */

/**
 * @param {number} seed
 * @returns {Dice}
 */
export function diceOf(seed) {
  let state = (seed * 0x9e3779b1) >>> 0;
  return {
    below(bound) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
    },
  };
}
