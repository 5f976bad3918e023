import type { CallState, HeldBy, Participant, SfuToApi } from "@verbatim/shared/control/protocol";
import { hosts, type InterviewId, speakerName, speaks, type TenantId, trackId } from "@verbatim/shared/ids";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import { recordingOff } from "@verbatim/shared/recording/view";
import type { Knock, RoomView } from "@verbatim/shared/signal/protocol";
import type { SfuToCapture, TapSeat, TapTrack } from "@verbatim/shared/tap/protocol";
import type { z } from "zod";
import { type Seat, shownPresence } from "../seat/seat.ts";
import { type Published, speaking } from "./published.ts";
import type { SeatRecord, Seats } from "./seats.ts";

/** A room as it stands; all that is shown or told is made from this, and nothing else. */
export type RoomFacts = {
  readonly tenantId: TenantId;
  readonly interviewId: InterviewId;
  readonly call: CallState | null;
  readonly recording: RecordingControl | null;
  readonly seats: Seats;
  readonly published: readonly Published[];
  readonly nowUs: number;
  readonly nowUtcMs: number;
};

/** Who is shown what: waiting people learn only which hosts are there; only hosts learn who knocks. */
export type Audience = "waiting" | "host" | "other";

export function roomView(facts: RoomFacts, audience: Audience): RoomView {
  const all = participants(facts);
  return {
    interviewId: facts.interviewId,
    title: facts.call?.title ?? "",
    startsAtMs: facts.call?.startsAtMs ?? facts.nowUtcMs,
    durationMinutes: facts.call?.durationMinutes ?? 0,
    participants: audience === "waiting" ? all.filter(({ role }) => hosts(role)) : all,
    recording: facts.call?.view ?? recordingOff,
    serverNowMs: facts.nowUtcMs,
    knocks: audience === "host" ? knocks(facts.seats) : [],
    ...(audience === "waiting" ? {} : { chat: facts.call?.chat ?? 0 }),
  };
}

function heldBy(held: HeldBy | undefined): Pick<Participant, "paused" | "silenced"> {
  if (!held) return {};
  return held === "phone" ? { paused: true } : { silenced: true };
}

export function participants({ call, seats, published, nowUs }: RoomFacts): Participant[] {
  return [...seats.all()].flatMap((record) => {
    const presence = presenceOf(record, nowUs);
    if (!presence) return [];
    const microphone = newest(published, record, "audio");
    const camera = newest(published, record, "camera");
    const screen = newest(published, record, "screen");
    const several = call?.several.includes(record.seatId) ?? false;
    return {
      seatId: record.seatId,
      role: record.role,
      name: speakerName(record.name, several),
      presence,
      microphone: microphone ? (microphone.muted ? "muted" : "on") : "none",
      camera: camera !== undefined && !camera.muted,
      screen: screen !== undefined && !screen.muted,
      quality: record.quality,
      ...(presence === "left" ? {} : heldBy(record.held)),
      ...(several ? { several: true as const } : {}),
      consented: record.consented,
    };
  });
}

function presenceOf(record: SeatRecord, nowUs: number): Participant["presence"] | null {
  const shown = shownPresence(record.seat, nowUs);
  // Somebody who left and asks again is at the door; a second device is a knock, and its seat is as it is.
  if (record.waiting.size > 0 && (shown === null || shown === "left")) return "knocking";
  return shown;
}

function newest(
  published: readonly Published[],
  record: SeatRecord,
  medium: Published["medium"],
): Published | undefined {
  return published.findLast((one) => one.seatId === record.seatId && one.medium === medium);
}

function knocks(seats: Seats): z.infer<typeof Knock>[] {
  return [...seats.all()].flatMap((record) =>
    [...record.waiting.values()].map(({ ticket, secondDevice }) => ({
      seatId: record.seatId,
      deviceId: ticket.deviceId,
      name: ticket.name,
      secondDevice,
    })),
  );
}

/** What captures are told: seats that speak, and the tracks of people who accepted the notice. */
export function tapCall(facts: RoomFacts): Extract<SfuToCapture, { type: "call" }> {
  const speakers = [...facts.seats.all()].filter(({ role }) => speaks(role));
  return {
    type: "call",
    tenantId: facts.tenantId,
    interviewId: facts.interviewId,
    language: facts.call?.language ?? "",
    keyTerms: facts.call?.keyTerms ?? [],
    recording: facts.recording,
    picture: recordsPicture(facts),
    seats: speakers.flatMap((record) => {
      const presence = tapPresence(
        record.seat,
        facts.seats.presence.findLast(({ seatId }) => seatId === record.seatId),
      );
      return presence ? [{ seatId: record.seatId, role: record.role, ...presence }] : [];
    }),
    tracks: speakers.flatMap((record) => (record.consented ? tapTracks(facts, record) : [])),
  };
}

function tapPresence(
  seat: Seat,
  last: Seats["presence"][number] | undefined,
): Pick<TapSeat, "presence" | "sinceUs"> | null {
  if (seat.phase === "empty" || !last) return null;
  return { presence: last.presence, sinceUs: last.atUs };
}

/** Sound is what an interview records; a picture only where the api says so. */
export const recordsPicture = ({ call }: Pick<RoomFacts, "call">): boolean => call?.picture ?? false;

function tapTracks(facts: RoomFacts, record: SeatRecord): TapTrack[] {
  const kinds = recordsPicture(facts) ? (["audio", "camera", "screen"] as const) : (["audio"] as const);
  return kinds.flatMap((kind) => {
    const found = speaking(facts.published, record.seatId, kind);
    if (!found) return [];
    const { codec } = found.producer;
    return {
      producerId: found.producer.id,
      trackId: trackId(record.seatId, kind),
      seatId: record.seatId,
      role: record.role,
      kind,
      codec: codec.name,
      clockRate: codec.clockRate,
      channels: codec.channels,
      muted: found.muted,
    };
  });
}

export function roomReport(facts: RoomFacts): Extract<SfuToApi, { type: "room" }> {
  return {
    type: "room",
    tenantId: facts.tenantId,
    interviewId: facts.interviewId,
    participants: participants(facts),
    presence: [...facts.seats.presence],
  };
}
