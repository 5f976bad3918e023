import type { TrackKind } from "@verbatim/shared/ids";
import type {
  DtlsParameters,
  IceParameters,
  IceServer,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from "@verbatim/shared/signal/media";
import type { Srtp } from "@verbatim/shared/tap/protocol";

/**
 * What the call needs from a media server, and nothing of how one does it. Signalling, rooms and taps know only this.
 * Every object is closed with its owner: engine → room → transport → producer, consumer. `close` may be called twice.
 * A method called on a closed object rejects; parameters that the engine refuses reject with `input.invalid`.
 */
export type MediaEngine = AsyncDisposable & {
  /** Waits for a living worker. */
  createRoom(events: MediaRoomEvents): Promise<MediaRoom>;
  /** What every room speaks. Waits for a living worker. */
  rtpCapabilities(): Promise<RtpCapabilities>;
  /** A transport without a room, to prove a path before the call. */
  createProbe(protocol: "udp" | "tcp"): Promise<MediaProbe>;
  /** True while every worker runs. */
  readonly ready: boolean;
  /** The ports that a network must let through; undefined where each worker chose its own. */
  readonly ports: { readonly first: number; readonly last: number } | undefined;
  /** For operators and rehearsals. */
  workers(): readonly MediaWorker[];
};

export type MediaWorker = { readonly pid: number; readonly rooms: number };

export type MediaRoomEvents = {
  /** The process behind the room died: everything made from it is gone. Make a new room. */
  lost(): void;
  /** A few times per second while somebody can be heard, once more with nobody. Levels are dBov, −127..0. */
  levels(activeProducerId: string | null, levels: readonly MediaLevel[]): void;
};

export type MediaLevel = { readonly producerId: string; readonly dBov: number };

export type MediaRoom = {
  readonly rtpCapabilities: RtpCapabilities;
  createTransport(direction: "send" | "recv"): Promise<MediaTransport>;
  openTap(options: TapOptions): Promise<MediaTap>;
  close(): void;
};

export type MediaTransport = {
  readonly id: string;
  readonly parameters: TransportParameters;
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(): Promise<IceRestart>;
  produce(options: ProduceOptions): Promise<MediaProducer>;
  /** Starts paused. */
  consume(options: ConsumeOptions): Promise<MediaConsumer>;
  /** Bytes since the transport was made. Asked before `close`, it is answered after it. */
  traffic(): Promise<{ readonly receivedBytes: number; readonly sentBytes: number }>;
  close(): void;
};

/** Relays come with fresh credentials: those of the transport may have ended. */
export type IceRestart = { readonly iceParameters: IceParameters; readonly iceServers: IceServer[] };

export type ProduceOptions = {
  readonly medium: TrackKind;
  readonly rtpParameters: RtpParameters;
  readonly muted: boolean;
  /** Once, when the first packet of an unmuted producer has arrived. */
  readonly onFlowing: () => void;
};

export type MediaProducer = {
  readonly id: string;
  readonly codec: MediaCodec;
  /** A muted producer forwards nothing to anybody. */
  setMuted(muted: boolean): Promise<void>;
  /** Bytes of its RTP packets since it was made. Asked before `close`, it is answered after it. */
  receivedBytes(): Promise<number>;
  close(): void;
};

export type MediaCodec = {
  readonly name: "opus" | "vp8" | "h264";
  readonly clockRate: number;
  readonly channels: 1 | 2;
};

export type ConsumeOptions = { readonly producerId: string; readonly rtpCapabilities: RtpCapabilities };

export type MediaConsumer = {
  readonly id: string;
  readonly rtpParameters: RtpParameters;
  resume(): Promise<void>;
  /** The highest layer wanted; lower ones are sent when the network asks for it. */
  preferLayer(spatialLayer: number): Promise<void>;
  close(): void;
};

export type TapOptions = {
  readonly producerId: string;
  /** Where the encrypted packets go. */
  readonly ip: string;
  readonly port: number;
  /** The receiver's key, for what it sends back. */
  readonly srtp: Srtp;
  /** The producer ended, or the room died. */
  readonly onClosed: () => void;
};

/** One producer's packets, encrypted, to one UDP port. Starts paused. */
export type MediaTap = {
  readonly id: string;
  readonly ssrc: number;
  readonly payloadType: number;
  /** The sender's key. */
  readonly srtp: Srtp;
  resume(): Promise<void>;
  /** Asks the sender of a picture for a key frame; of sound it asks nothing. */
  requestKeyFrame(): Promise<void>;
  close(): void;
};

export type MediaProbe = {
  readonly parameters: TransportParameters;
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  produceData(sctpStreamParameters: SctpStream): Promise<string>;
  /** Messages that have arrived on the data channel. */
  received(): Promise<number>;
  close(): void;
};

export type SctpStream = {
  readonly streamId: number;
  readonly ordered?: boolean | undefined;
  readonly maxPacketLifeTime?: number | undefined;
  readonly maxRetransmits?: number | undefined;
};
