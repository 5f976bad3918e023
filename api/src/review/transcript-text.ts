import type { ReviewSegment } from "@verbatim/shared/api/interviews";

const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");

/** `01:02:03.456`, as WebVTT spells it. */
export function timestamp(ms: number): string {
  const s = Math.floor(ms / 1000);
  return `${pad(Math.floor(s / 3600))}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}.${pad(ms % 1000, 3)}`;
}

export function asText(title: string, segments: readonly ReviewSegment[]): string {
  const lines = segments.map(({ startMs, speaker, text }) => `[${timestamp(startMs).slice(0, 8)}] ${speaker}: ${text}`);
  return `${title}\n\n${lines.join("\n")}\n`;
}

/** WebVTT with the speaker as voice. Text is escaped: spoken words must not become markup. */
export function asVtt(segments: readonly ReviewSegment[]): string {
  const escaped = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(/\s+/g, " ");
  const cues = segments.map(({ startMs, endMs, speaker, text }) => {
    const end = Math.max(endMs, startMs + 1);
    return `${timestamp(startMs)} --> ${timestamp(end)}\n<v ${escaped(speaker)}>${escaped(text)}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}
