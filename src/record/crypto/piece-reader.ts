/** Reads a stream of bytes in pieces of a chosen size, however the bytes arrive. */
export class PieceReader {
  readonly #parts: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#parts = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next `size` bytes, fewer at the end. Throws the errors of the source. */
  async take(size: number): Promise<Buffer> {
    while (this.#heldBytes < size && (await this.#pull()));
    const [first] = this.#held;
    // Parts are joined only when they are enough, so that a source of single bytes costs no more than another one.
    const all = first && this.#held.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.length) : Buffer.concat(this.#held); // prettier-ignore
    const piece = all.subarray(0, size);
    this.#heldBytes -= piece.length;
    this.#held = this.#heldBytes > 0 ? [all.subarray(size)] : [];
    return piece;
  }

  /** Whether every byte has been taken. */
  async isAtEnd(): Promise<boolean> {
    while (this.#heldBytes === 0) if (!(await this.#pull())) return true;
    return false;
  }

  /** Closes the source before its end. */
  async close(): Promise<void> {
    await this.#parts.return?.();
  }

  /** Holds one more part of the source; false at its end. */
  async #pull(): Promise<boolean> {
    const next = await this.#parts.next();
    if (next.done) return false;
    if (next.value.length > 0) this.#held.push(next.value);
    this.#heldBytes += next.value.length;
    return true;
  }
}
