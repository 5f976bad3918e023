import { u16, u32 } from "./packet.ts";

/** A sender's statement of which RTP time its clock showed at which of its NTP times. */
export type RtcpSenderReport = { readonly ssrc: number; readonly ntpUs: number; readonly rtpTime: number };

const SENDER_REPORT = 200;
const SENDER_REPORT_BYTES = 28;
/** NTP counts from 1900. */
const NTP_TO_UNIX_S = 2_208_988_800;

/** The sender reports of a compound packet; what is malformed ends it. Never reads past the end. */
export function senderReports(bytes: Uint8Array): RtcpSenderReport[] {
  const reports: RtcpSenderReport[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    if ((bytes[at] ?? 0) >> 6 !== 2) break;
    const end = at + 4 * (u16(bytes, at + 2) + 1);
    if (end > bytes.length) break;
    if (bytes[at + 1] === SENDER_REPORT && end - at >= SENDER_REPORT_BYTES) {
      const seconds = u32(bytes, at + 8) - NTP_TO_UNIX_S;
      const fractionUs = Math.round((u32(bytes, at + 12) * 1_000_000) / 0x1_0000_0000);
      reports.push({ ssrc: u32(bytes, at + 4), ntpUs: seconds * 1_000_000 + fractionUs, rtpTime: u32(bytes, at + 16) });
    }
    at = end;
  }
  return reports;
}
