/** The longest that a typed letter waits before it is sent to the ledger, in milliseconds. */
export const SAVE_WITHIN = 400;

/** Where the text is: in the ledger, on its way there, or only here and why. */
export type SaveState<Failure> =
  | { kind: "saved"; at: number | null }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "failed"; error: Failure };

/**
 * Saves a text while it is typed. The first change starts the clock and further ones do not turn it
 * back, so that somebody who never pauses is saved as well. One save at a time; what was typed
 * meanwhile follows. A save that fails keeps the text, says why, and is tried again with the next
 * change or `retry`.
 */
export class Autosave<Failure> {
  readonly #save: (text: string) => Promise<number>;
  readonly #asFailure: (thrown: unknown) => Failure;
  readonly #onState: (state: SaveState<Failure>, text: string) => void;
  #unsaved: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(options: {
    /** Resolves with the time at which it is on the disk, in epoch ms. */
    save: (text: string) => Promise<number>;
    asFailure: (thrown: unknown) => Failure;
    onState: (state: SaveState<Failure>, text: string) => void;
  }) {
    this.#save = options.save;
    this.#asFailure = options.asFailure;
    this.#onState = options.onState;
  }

  /** The text that is not in the ledger yet. */
  get unsaved(): string | null {
    return this.#unsaved;
  }

  change(text: string): void {
    this.#unsaved = text;
    this.#onState({ kind: "waiting" }, text);
    this.#timer ??= setTimeout(() => void this.flush(), SAVE_WITHIN);
  }

  /** Saves what is not saved now, and resolves when nothing is under way: true when all is saved. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running) {
      await this.#running;
      return this.#unsaved === null ? true : this.flush();
    }
    if (this.#unsaved === null) return true;
    this.#running = this.#run(this.#unsaved);
    await this.#running;
    return this.#unsaved === null;
  }

  async #run(text: string): Promise<void> {
    this.#onState({ kind: "saving" }, text);
    try {
      const at = await this.#save(text);
      if (this.#unsaved === text) {
        this.#unsaved = null;
        this.#onState({ kind: "saved", at }, text);
      }
    } catch (thrown) {
      this.#onState({ kind: "failed", error: this.#asFailure(thrown) }, this.#unsaved ?? text);
    } finally {
      this.#running = null;
    }
  }
}
