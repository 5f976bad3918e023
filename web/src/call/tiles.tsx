import type { Participant } from "@verbatim/shared/control/protocol";
import { IconHeadphones, IconMicrophoneOff, IconScreenShare } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Shown } from "../media/layer.ts";
import type { LocalState } from "../media/local-media.ts";
import { newest, type Remote } from "../media/receiver.ts";
import { useObservable } from "../observable/use-observable.ts";
import { initialsOf } from "../parts/initials.ts";
import { Video } from "../parts/video.tsx";
import { sideOf } from "../parts/side-of.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { TileButtons } from "./tile-buttons.tsx";
import { tileOrder } from "./tile-order.ts";
import styles from "./tiles.module.css";
import type { LargeTile } from "./use-large.ts";

/** Everyone who speaks, and what they share. `small` is the observer's column; `large` is who is shown large, on this page alone. */
export function Tiles({ small = false, large }: { small?: boolean; large: LargeTile }) {
  const { call: words } = useWords();
  const { call, participants, seatId, entry } = useCallView();
  const remotes = newest(useObservable(call.media.remotes));
  const local = useObservable(call.local);
  const levels = useObservable(call.levels);
  const speakers = tileOrder(participants, seatId, entry.role);
  const shared = remotes.find(({ medium }) => medium === "screen");
  const others = speakers.filter((person) => person.seatId !== seatId);
  // Who left is not waited for with an empty place.
  const pinned = speakers.find((person) => person.seatId === large.seatId)?.seatId;
  const ownCamera = local.camera.state === "live" ? local.camera.track : undefined;

  return (
    <div
      className={small ? styles["small"] : styles["tiles"]}
      data-count={speakers.length + (shared ? 1 : 0)}
      data-screen={shared !== undefined || pinned !== undefined}
    >
      {shared && <Screen shared={shared} participants={participants} aside={pinned !== undefined} />}
      {others.length === 0 && (
        <div className={styles["tile"]} data-kind="empty">
          <p className={styles["still"]}>
            {entry.role === "candidate"
              ? words.tiles.waitingFor(entry.hostName || words.roles.interviewer)
              : words.tiles.waitingFor(entry.candidateName)}
          </p>
        </div>
      )}
      {speakers.map((person) => {
        const self = person.seatId === seatId;
        const remote = self
          ? undefined
          : remotes.find(({ seatId: of, medium }) => of === person.seatId && medium === "camera" && person.camera);
        return (
          <Tile
            key={person.seatId}
            person={person}
            self={self}
            camera={self ? ownCamera : remote?.track}
            consumerId={remote?.consumerId}
            microphone={self ? ownMicrophone(local) : person.microphone}
            speaking={levels?.activeSeatId === person.seatId}
            pinned={pinned === person.seatId}
            onPin={() => large.show(pinned === person.seatId ? undefined : person.seatId)}
          />
        );
      })}
    </div>
  );
}

type TileProps = {
  readonly person: Participant;
  readonly self: boolean;
  readonly camera: MediaStreamTrack | undefined;
  readonly consumerId: string | undefined;
  readonly microphone: Participant["microphone"];
  readonly speaking: boolean;
  readonly pinned: boolean;
  readonly onPin: () => void;
};

/** As the others are told it, and sooner. */
function ownMicrophone({ microphone, muted }: LocalState): Participant["microphone"] {
  if (microphone.state === "failed") return "none";
  return muted || microphone.state !== "live" ? "muted" : "on";
}

function Tile({ person, self, camera, consumerId, microphone, speaking, pinned, onPin }: TileProps) {
  const { call: words } = useWords();
  const { media } = useCallView().call;
  const onShown = useMemo(
    () => (consumerId === undefined ? undefined : (shown: Shown) => media.shown(consumerId, shown)),
    [media, consumerId],
  );
  const still = person.paused
    ? words.tiles.paused
    : person.presence === "away"
      ? words.tiles.away
      : person.presence === "left"
        ? words.tiles.left
        : !self && person.silenced
          ? words.tiles.silenced
          : camera || (person.camera && !self)
            ? ""
            : words.tiles.cameraOff;
  return (
    <figure
      className={styles["tile"]}
      data-kind={self ? "self" : "other"}
      data-side={sideOf(person.role)}
      data-speaking={speaking}
      data-seat={person.seatId}
      data-presence={person.presence}
      data-pinned={pinned}
      aria-label={self ? `${person.name}, ${words.you}` : person.name}
    >
      {camera && (
        <Video track={camera} label={person.name} className={self ? styles["mirrored"] : undefined} onShown={onShown} />
      )}
      {!camera && (
        <span className={styles["initials"]} aria-hidden>
          {initialsOf(person.name)}
        </span>
      )}
      {still !== "" && <p className={styles["still"]}>{still}</p>}
      <figcaption className={styles["name"]}>
        {microphone === "muted" && <IconMicrophoneOff size={16} aria-label={words.tiles.muted} />}
        {microphone === "none" && <IconHeadphones size={16} aria-label={words.tiles.noMicrophone} />}
        <span>{self ? words.you : person.name}</span>
      </figcaption>
      {!self && <TileButtons name={person.name} pinned={pinned} onPin={onPin} picture={camera !== undefined} />}
    </figure>
  );
}

type ScreenProps = {
  readonly shared: Remote;
  readonly participants: readonly Participant[];
  /** Somebody's face has the large place. */
  readonly aside: boolean;
};

function Screen({ shared, participants, aside }: ScreenProps) {
  const { call: words } = useWords();
  const name = participants.find((person) => person.seatId === shared.seatId)?.name ?? "";
  return (
    <figure className={styles["tile"]} data-kind="screen" data-aside={aside} aria-label={words.tiles.screenOf(name)}>
      <Video track={shared.track} label={words.tiles.screenOf(name)} className={styles["whole"]} />
      <figcaption className={styles["name"]}>
        <IconScreenShare size={16} aria-hidden />
        <span>{name}</span>
      </figcaption>
    </figure>
  );
}
