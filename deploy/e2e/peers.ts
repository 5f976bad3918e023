type Kept = { readonly keptPeers: RTCPeerConnection[] };

/** Runs in the page before it loads: its connections can be asked later. */
export function keepPeerConnections(): void {
  const kept: RTCPeerConnection[] = [];
  (window as unknown as { keptPeers: RTCPeerConnection[] }).keptPeers = kept;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

/**
 * Runs in the page: the largest size of its camera that is sent now is sent no longer, as the browser does by itself on
 * a weak line. Answers its height in pixels; 0, with nothing done, while a busy machine sends it in one size alone.
 */
export async function stopLargest(): Promise<number> {
  const senders = (window as unknown as Kept).keptPeers.flatMap((peer) => peer.getSenders());
  const camera = senders.find(({ track }) => track?.kind === "video");
  if (!camera) throw new Error("No camera is sent.");
  const sent = [...(await camera.getStats()).values()]
    .filter((entry) => entry.type === "outbound-rtp" && entry.framesPerSecond > 0)
    .toSorted((a, b) => b.frameHeight - a.frameHeight);
  if (sent.length < 2) return 0;
  const parameters = camera.getParameters();
  for (const encoding of parameters.encodings) if (encoding.rid === sent[0].rid) encoding.active = false;
  await camera.setParameters(parameters);
  return sent[0].frameHeight;
}

/** Runs in the page: how many pictures of a person were shown in the call. */
export function picturesShown(name: string): number {
  const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${CSS.escape(name)}"]`);
  return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
}
