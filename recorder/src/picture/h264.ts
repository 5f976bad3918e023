import type { PictureCodec, PictureFormat } from "./picture.ts";
import { parseSps } from "./sps.ts";

/** H264 in RTP, RFC 6184, non-interleaved: single units, STAP-A (several in one packet), FU-A (one over several). */

const unit = { slice: 1, idr: 5, sps: 7, pps: 8, delimiter: 9, stapA: 24, fuA: 28 } as const;
const typeOf = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f;

/** The units of one RTP time in order, or undefined when one of them is cut off. */
function unitsOf(payloads: readonly Uint8Array[]): Uint8Array[] | undefined {
  const units: Uint8Array[] = [];
  let open: Uint8Array[] | undefined;
  for (const payload of payloads) {
    if (payload.length === 0) continue; // Padding alone.
    const type = typeOf(payload);
    if (type !== unit.fuA && open) return undefined;
    if (type >= unit.slice && type < unit.stapA) units.push(payload);
    else if (type === unit.stapA) {
      for (let at = 1; at < payload.length; ) {
        const length = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
        const end = at + 2 + length;
        if (length === 0 || end > payload.length) return undefined;
        units.push(payload.subarray(at + 2, end));
        at = end;
      }
    } else if (type === unit.fuA) {
      const [indicator = 0, header = 0] = payload;
      const starts = (header & 0x80) !== 0;
      if (starts !== (open === undefined)) return undefined;
      open ??= [Uint8Array.of((indicator & 0xe0) | (header & 0x1f))];
      open.push(payload.subarray(2));
      if (header & 0x40) {
        units.push(Buffer.concat(open));
        open = undefined;
      }
    } else return undefined;
  }
  return open ? undefined : units;
}

/** The configuration that MP4 wants before the first frame (ISO 14496-15, 5.3.3.1). */
function configuration(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  const u16 = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 0xff);
  const head = Uint8Array.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1);
  const parts = [head, u16(sps.length), sps, Uint8Array.of(1), u16(pps.length), pps];
  // The High profiles say their chroma again; browsers that send them send 4:2:0 of 8 bits.
  if ([100, 110, 122, 144].includes(sps[1] ?? 0)) parts.push(Uint8Array.of(0xfd, 0xf8, 0xf8, 0));
  return Buffer.concat(parts);
}

function formatOf(units: readonly Uint8Array[]): PictureFormat | undefined {
  const sps = units.find((nal) => typeOf(nal) === unit.sps);
  const pps = units.find((nal) => typeOf(nal) === unit.pps);
  // A key frame that leans on parameters sent earlier cannot begin a chunk; browsers send them with each.
  if (!sps || !pps || !units.some((nal) => typeOf(nal) === unit.idr)) return undefined;
  const size = parseSps(sps);
  if (!size) return undefined;
  const name = `avc1.${Buffer.from(sps.subarray(1, 4)).toString("hex")}`;
  return { codec: "avc", name, ...size, description: configuration(sps, pps) };
}

const isPicture = (nal: Uint8Array): boolean => typeOf(nal) >= unit.slice && typeOf(nal) <= unit.idr;
const inConfiguration = (nal: Uint8Array): boolean =>
  typeOf(nal) === unit.sps || typeOf(nal) === unit.pps || typeOf(nal) === unit.delimiter;

/** Frames with the length before each unit, as MP4 holds them; parameter sets lie in the format alone. */
export const h264: PictureCodec = {
  begins(payload) {
    const type = typeOf(payload) === unit.stapA ? (payload[3] ?? 0) & 0x1f : typeOf(payload);
    return type === unit.sps || type === unit.delimiter;
  },
  join(payloads) {
    const units = unitsOf(payloads);
    if (!units?.some(isPicture)) return undefined;
    const parts = units
      .filter((nal) => !inConfiguration(nal))
      .flatMap((nal) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(nal.length);
        return [length, nal];
      });
    return { data: Buffer.concat(parts), format: formatOf(units) };
  },
};
