/** 16 kHz to the 24 kHz that OpenAI takes, linearly between samples. Chunks follow one another and have even lengths. */
export function createUpsampler(): (pcm: Int16Array) => Int16Array {
  let last = 0;
  return (pcm) => {
    const out = new Int16Array((pcm.length / 2) * 3);
    for (let i = 0, o = 0; i + 1 < pcm.length; i += 2) {
      const [first = 0, second = 0] = [pcm[i], pcm[i + 1]];
      out[o++] = last;
      out[o++] = Math.round((last + 2 * first) / 3);
      out[o++] = Math.round((2 * first + second) / 3);
      last = second;
    }
    return out;
  };
}
