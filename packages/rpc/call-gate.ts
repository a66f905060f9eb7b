/** How many calls of all clients are served at once. */

/** What may be served at once, and what is. */
export interface CallPlaces {
  /** Places for any call. */
  readonly any: number;
  /** Further places for calls that are declared to be of high priority. */
  readonly high: number;
}

interface Waiting {
  readonly high: boolean;
  readonly enter: () => void;
}

/** Lets calls in as long as there are places; those of high priority find places when the others do not. */
export class CallGate {
  #places: CallPlaces;
  #serving = 0;
  readonly #waiting: Waiting[] = [];

  constructor(places: CallPlaces) {
    this.#places = places;
  }

  get places(): CallPlaces {
    return this.#places;
  }

  /** More places serve those that wait; fewer are taken away as calls end. */
  set places(places: CallPlaces) {
    this.#places = places;
    this.#admit();
  }

  /** Calls being served. */
  get serving(): number {
    return this.#serving;
  }

  /** Calls that wait for a place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when there is a place; `undefined` when there is one now. Whoever has one calls `leave` once. */
  enter(high: boolean): Promise<void> | undefined {
    if (this.#free(high)) {
      this.#serving += 1;
      return undefined;
    }
    return new Promise((enter) => void this.#waiting.push({ high, enter }));
  }

  leave(): void {
    this.#serving -= 1;
    this.#admit();
  }

  #free(high: boolean): boolean {
    return this.#serving < this.#places.any + (high ? this.#places.high : 0);
  }

  #admit(): void {
    for (;;) {
      const index = this.#waiting.findIndex(({ high }) => this.#free(high));
      if (index < 0) return;
      this.#serving += 1;
      this.#waiting.splice(index, 1)[0]?.enter();
    }
  }
}
