/** One packet of a camera or a screen: RTP numbers unwrapped, so that they never go back. */
export type PicturePacket = {
  readonly sequence: number;
  /** RTP time, 90,000 per second. */
  readonly ticks: number;
  readonly arrivalUs: number;
  readonly payload: Uint8Array;
  /** Byte in the log where its record begins. */
  readonly at: number;
};

/** What a decoder must know before the first frame. Every key frame says it anew. */
export type PictureFormat = {
  readonly codec: "vp8" | "avc";
  /** As in `codecs=`, RFC 6381. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** H264: AVCDecoderConfigurationRecord. */
  readonly description?: Uint8Array;
};

/** The packets of one RTP time, joined. `format` on key frames only: they alone can begin a chunk. */
export type JoinedFrame = { readonly data: Uint8Array; readonly format: PictureFormat | undefined };

/** How one codec's frames lie in packets. Both functions are pure and take any bytes. */
export type PictureCodec = {
  /** A frame certainly begins with this packet, even when the one before it is missing. */
  begins(payload: Uint8Array): boolean;
  /** The frame in these packets, which lack nothing between each other; undefined when they hold none. */
  join(payloads: readonly Uint8Array[]): JoinedFrame | undefined;
};

export function sameFormat(a: PictureFormat, b: PictureFormat): boolean {
  if (a.codec !== b.codec || a.width !== b.width || a.height !== b.height) return false;
  return Buffer.compare(a.description ?? EMPTY, b.description ?? EMPTY) === 0;
}

const EMPTY = new Uint8Array(0);
