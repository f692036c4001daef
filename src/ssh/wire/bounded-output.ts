/** Keeps the first `limit` bytes of a stream and counts all of them. */
export class BoundedOutput {
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #received = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes received, kept or not. */
  get received(): number {
    return this.#received;
  }

  get truncated(): boolean {
    return this.#received > this.#limit;
  }

  add(chunk: Uint8Array): void {
    this.#received += chunk.length;
    const room = this.#limit - this.#kept;
    if (room <= 0) return;
    const kept = chunk.subarray(0, room);
    this.#chunks.push(kept);
    this.#kept += kept.length;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
