/** Reads the size of the picture from an H264 sequence parameter set (7.3.2.1.1); undefined when it is none. */
export function parseSps(sps: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const bits = reader(unescaped(sps.subarray(1)));
  const profile = bits.take(8);
  bits.take(16); // Constraints and level.
  bits.golomb(); // Its id.
  let chroma = 1;
  if (WITH_CHROMA.has(profile)) {
    chroma = bits.golomb();
    if (chroma === 3) bits.take(1);
    bits.golomb(); // Depths of luma and chroma.
    bits.golomb();
    bits.take(1);
    // Scaling lists: no browser sends them, and skipping them takes more code than all the rest.
    if (bits.take(1)) return undefined;
  }
  bits.golomb(); // Length of frame numbers.
  const order = bits.golomb();
  if (order === 0) bits.golomb();
  else if (order === 1) {
    bits.take(1);
    bits.golomb();
    bits.golomb();
    for (let left = Math.min(255, bits.golomb()); left > 0; left--) bits.golomb();
  }
  bits.golomb(); // Reference frames.
  bits.take(1);
  const columns = bits.golomb() + 1;
  const rows = bits.golomb() + 1;
  const wholeFrames = bits.take(1);
  if (!wholeFrames) bits.take(1);
  bits.take(1);
  const cropped = bits.take(1);
  const [left, right, top, bottom] = cropped ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : NO_CROP;
  if (bits.overrun) return undefined;
  const across = chroma === 1 || chroma === 2 ? 2 : 1;
  const down = (chroma === 1 ? 2 : 1) * (2 - wholeFrames);
  const width = columns * 16 - (left + right) * across;
  const height = rows * 16 * (2 - wholeFrames) - (top + bottom) * down;
  return width > 0 && height > 0 && width <= MOST && height <= MOST ? { width, height } : undefined;
}

const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);
const NO_CROP = [0, 0, 0, 0] as const;
const MOST = 16_384;

/** Without the 3 that keeps 0 0 3 from looking like a start code. */
function unescaped(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
}

function reader(bytes: Uint8Array) {
  let at = 0;
  const one = (): number => {
    const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
    at += 1;
    return bit;
  };
  const take = (count: number): number => {
    let value = 0;
    for (let n = 0; n < count; n++) value = value * 2 + one();
    return value;
  };
  return {
    take,
    /** Unsigned Exp-Golomb. */
    golomb(): number {
      let zeros = 0;
      while (zeros < 32 && at < bytes.length * 8 && one() === 0) zeros += 1;
      return 2 ** zeros - 1 + take(zeros);
    },
    get overrun() {
      return at > bytes.length * 8;
    },
  };
}
