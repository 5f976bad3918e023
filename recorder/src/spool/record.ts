import {
  ControlRecord,
  Heartbeat,
  Mark,
  MAX_PAYLOAD_BYTES,
  RECORD_HEADER_BYTES,
  recordType,
  RunEnd,
  RunHeader,
  SenderReport,
  TrackHeader,
} from "@verbatim/shared/spool/format";
import { unreachable } from "@verbatim/shared/assert";
import { jsonOf } from "@verbatim/shared/json";
import type { z } from "zod";
import { crc32c } from "./crc32c.ts";

/** One media packet as received: arrival on the recording host's monotonic clock, RTP fields, payload. */
export type MediaPacket = {
  readonly arrivalUs: number;
  readonly sequence: number;
  readonly rtpTime: number;
  readonly payload: Uint8Array;
};

/** One decoded record of a log. */
export type SpoolRecord =
  | { readonly type: "run"; readonly header: RunHeader }
  | { readonly type: "track"; readonly header: TrackHeader }
  | ({ readonly type: "media" } & MediaPacket)
  | { readonly type: "report"; readonly report: SenderReport }
  | { readonly type: "mark"; readonly mark: Mark }
  | { readonly type: "control"; readonly control: ControlRecord }
  | { readonly type: "heartbeat"; readonly heartbeat: Heartbeat }
  | { readonly type: "end"; readonly end: RunEnd }
  | { readonly type: "pcm"; readonly arrivalUs: number; readonly frame: Uint8Array };

/** Arrival u64le, sequence u16le, RTP time u32le, before the payload of a media record. */
const MEDIA_BYTES = 14;
const ARRIVAL_BYTES = 8;

/** Bytes that a media record takes in the log. */
export const mediaRecordBytes = (payloadBytes: number): number => RECORD_HEADER_BYTES + MEDIA_BYTES + payloadBytes;

/** Checksum of the type byte alone: where every record's checksum begins. */
const typeCrc: readonly number[] = Array.from({ length: 256 }, (_, type) => crc32c(Uint8Array.of(type)));

/** Writes a media record into `target` at `at`, which has room for `mediaRecordBytes`; answers the end of it. */
export function encodeMedia(target: Buffer, at: number, packet: MediaPacket): number {
  const body = at + RECORD_HEADER_BYTES;
  putU64(target, body, packet.arrivalUs);
  target.writeUInt16LE(packet.sequence, body + 8);
  target.writeUInt32LE(packet.rtpTime, body + 10);
  target.set(packet.payload, body + MEDIA_BYTES);
  return seal(target, at, recordType.media, MEDIA_BYTES + packet.payload.length);
}

/** The bytes of one record. Throws when a payload is longer than a reader would accept. */
export function encodeRecord(record: SpoolRecord): Buffer {
  switch (record.type) {
    case "media": {
      const bytes = Buffer.allocUnsafe(mediaRecordBytes(record.payload.length));
      encodeMedia(bytes, 0, record);
      return bytes;
    }
    case "pcm": {
      const bytes = Buffer.allocUnsafe(RECORD_HEADER_BYTES + ARRIVAL_BYTES + record.frame.length);
      putU64(bytes, RECORD_HEADER_BYTES, record.arrivalUs);
      bytes.set(record.frame, RECORD_HEADER_BYTES + ARRIVAL_BYTES);
      seal(bytes, 0, recordType.pcm, ARRIVAL_BYTES + record.frame.length);
      return bytes;
    }
    case "run":
      return encodeJson(recordType.run, record.header);
    case "track":
      return encodeJson(recordType.track, record.header);
    case "report":
      return encodeJson(recordType.report, record.report);
    case "mark":
      return encodeJson(recordType.mark, record.mark);
    case "control":
      return encodeJson(recordType.control, record.control);
    case "heartbeat":
      return encodeJson(recordType.heartbeat, record.heartbeat);
    case "end":
      return encodeJson(recordType.end, record.end);
    default:
      return unreachable(record);
  }
}

/** What stands at a place in a log: a record, a beginning that may still grow into one, or no record. */
export type Decoded =
  | { readonly kind: "record"; readonly record: SpoolRecord; readonly end: number }
  /** Whole and undamaged, of a type this build does not know: a newer writer's. Readers pass over it. */
  | { readonly kind: "unknown"; readonly end: number }
  | { readonly kind: "short" }
  | { readonly kind: "damaged" };

const short: Decoded = { kind: "short" };
const damaged: Decoded = { kind: "damaged" };

/** Decodes the record at `at`. Payloads are views of `bytes`. Never throws, whatever the bytes are. */
export function decodeRecord(bytes: Buffer, at: number): Decoded {
  if (bytes.length - at < RECORD_HEADER_BYTES) return short;
  const length = bytes.readUInt32LE(at);
  if (length > MAX_PAYLOAD_BYTES) return damaged;
  const body = at + RECORD_HEADER_BYTES;
  const end = body + length;
  if (end > bytes.length) return short;
  const type = bytes[at + 4] ?? 0;
  if (crc32c(bytes, body, end, typeCrc[type]) !== bytes.readUInt32LE(at + 5)) return damaged;
  if (type === recordType.media) {
    if (length < MEDIA_BYTES) return damaged;
    const arrivalUs = readU64(bytes, body);
    const sequence = bytes.readUInt16LE(body + 8);
    const rtpTime = bytes.readUInt32LE(body + 10);
    const payload = bytes.subarray(body + MEDIA_BYTES, end);
    return { kind: "record", record: { type: "media", arrivalUs, sequence, rtpTime, payload }, end };
  }
  if (type === recordType.pcm) {
    if (length < ARRIVAL_BYTES) return damaged;
    const frame = bytes.subarray(body + ARRIVAL_BYTES, end);
    return { kind: "record", record: { type: "pcm", arrivalUs: readU64(bytes, body), frame }, end };
  }
  if (type < recordType.run || type > recordType.pcm) return { kind: "unknown", end };
  const record = decodeJson(type, bytes.toString("utf8", body, end));
  return record ? { kind: "record", record, end } : damaged;
}

function decodeJson(type: number, text: string): SpoolRecord | undefined {
  // No JSON though the checksum matched is a writer's fault; the schemas refuse it.
  const value = jsonOf(text);
  switch (type) {
    case recordType.run:
      return read(RunHeader, value, (header) => ({ type: "run", header }));
    case recordType.track:
      return read(TrackHeader, value, (header) => ({ type: "track", header }));
    case recordType.report:
      return read(SenderReport, value, (report) => ({ type: "report", report }));
    case recordType.mark:
      return read(Mark, value, (mark) => ({ type: "mark", mark }));
    case recordType.control:
      return read(ControlRecord, value, (control) => ({ type: "control", control }));
    case recordType.heartbeat:
      return read(Heartbeat, value, (heartbeat) => ({ type: "heartbeat", heartbeat }));
    case recordType.end:
      return read(RunEnd, value, (end) => ({ type: "end", end }));
    default:
      return undefined;
  }
}

function read<Data>(
  schema: z.ZodType<Data>,
  value: unknown,
  record: (data: Data) => SpoolRecord,
): SpoolRecord | undefined {
  const { success, data } = schema.safeParse(value);
  return success ? record(data) : undefined;
}

function encodeJson(type: number, value: unknown): Buffer {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(RECORD_HEADER_BYTES + length);
  bytes.write(text, RECORD_HEADER_BYTES, "utf8");
  seal(bytes, 0, type, length);
  return bytes;
}

/** Fills in the header of a record whose payload stands already in its place. */
function seal(target: Buffer, at: number, type: number, length: number): number {
  if (length > MAX_PAYLOAD_BYTES) throw new RangeError(`A spool record of ${length} bytes is too long.`);
  const body = at + RECORD_HEADER_BYTES;
  target.writeUInt32LE(length, at);
  target[at + 4] = type;
  target.writeUInt32LE(crc32c(target, body, body + length, typeCrc[type]), at + 5);
  return body + length;
}

function putU64(target: Buffer, at: number, value: number): void {
  target.writeUInt32LE(value % 0x1_0000_0000, at);
  target.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}
