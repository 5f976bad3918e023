import type { types } from "mediasoup";
import type { MediaRoomEvents } from "../engine.ts";

export type Loudness = { add(producerId: string): Promise<void> };

/** Four times per second: enough for a tile's frame to follow speech, and 4 small frames per person and second. */
const INTERVAL_MS = 250;
/** Below this, dBov, a room's noise would light tiles up. */
const THRESHOLD_DBOV = -60;

/** Who speaks and how loud, for the tiles. The dominant speaker stays until another one dominates. */
export async function watchLoudness(router: types.Router, tell: MediaRoomEvents["levels"]): Promise<Loudness> {
  const [levels, speaker] = await Promise.all([
    router.createAudioLevelObserver({ maxEntries: 8, threshold: THRESHOLD_DBOV, interval: INTERVAL_MS }),
    router.createActiveSpeakerObserver({ interval: 300 }),
  ]);
  let active: string | null = null;
  speaker.on("dominantspeaker", ({ producer }) => {
    active = producer.id;
    producer.observer.once("close", () => {
      if (active === producer.id) active = null;
    });
  });
  levels.on("volumes", (volumes) =>
    tell(
      active,
      volumes.map(({ producer, volume }) => ({ producerId: producer.id, dBov: volume })),
    ),
  );
  levels.on("silence", () => tell(active, []));
  return {
    async add(producerId) {
      await Promise.all([levels.addProducer({ producerId }), speaker.addProducer({ producerId })]);
    },
  };
}
