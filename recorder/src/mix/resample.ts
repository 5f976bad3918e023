/**
 * One packet's samples stretched or shortened by a sample or two, where a sender's clock is followed: Catmull-Rom,
 * over the packet alone. At most 0.5 % for 20 ms, once every few packets.
 */
export function resampleTo(input: Float32Array, length: number): Float32Array {
  if (length === input.length) return input;
  const output = new Float32Array(Math.max(0, length));
  const at = (index: number): number => input[Math.min(input.length - 1, Math.max(0, index))] ?? 0;
  const ratio = input.length / length;
  for (let i = 0; i < length; i++) {
    // Middles of samples on middles, so that neither end is favoured.
    const x = (i + 0.5) * ratio - 0.5;
    const left = Math.floor(x);
    const t = x - left;
    const [a, b, c, d] = [at(left - 1), at(left), at(left + 1), at(left + 2)];
    output[i] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }
  return output;
}
