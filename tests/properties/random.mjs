// Pseudorandom numbers that depend only on the seed.

export class Random {
  #state;

  constructor(seed) {
    this.#state = Number(seed) >>> 0;
  }

  /** A number from 0 (inclusive) to 1 (exclusive) (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  shuffled(list) {
    const all = [...list];
    for (let i = all.length - 1; i > 0; --i) {
      const j = this.below(i + 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  }

  /** Yields the choices in random order; each occurs once before any is repeated. */
  *inTurn(choices) {
    for (;;) yield* this.shuffled(choices);
  }
}
