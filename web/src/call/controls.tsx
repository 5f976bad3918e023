import {
  IconBadgeCc,
  IconDoorExit,
  IconKeyboard,
  IconLayoutSidebarRight,
  IconMaximize,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconMinimize,
  IconPhoneOff,
  IconScreenShare,
  IconScreenShareOff,
  IconSettings,
  IconVideo,
  IconVideoOff,
} from "@tabler/icons-react";
import { hosts } from "@verbatim/shared/ids";
import { type ReactNode, useSyncExternalStore } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { useChat } from "../chat/use-chat.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./controls.module.css";
import type { OpenPanel } from "./panels.tsx";
import { StopRecordingMe } from "./stop-recording-me.tsx";
import { toggleFullScreen } from "./tile-buttons.tsx";
import type { CallKeys } from "./use-keys.ts";

type Props = {
  readonly keys: CallKeys;
  readonly captions: boolean;
  readonly rail: { readonly open: boolean; readonly toggle: () => void; readonly fresh: number } | undefined;
  readonly chat: { readonly open: boolean; readonly toggle: () => void };
  readonly panel: OpenPanel;
  readonly onPanel: (panel: OpenPanel) => void;
  readonly onEnd: () => void;
  readonly onLeave: () => void;
  readonly recording: ReactNode;
};

/** The bar of a call: one's own devices left, the recording in the middle, leaving far right. */
export function Controls({ keys, captions, rail, chat, panel, onPanel, onEnd, onLeave, recording }: Props) {
  const { call: words, chat: chatWords } = useWords();
  const { call, entry, seatId } = useCallView();
  const unread = useChat(seatId).unread.length;
  const { muted, microphone, camera, screen } = useObservable(call.local);
  const silent = muted || microphone.state !== "live";
  const host = hosts(entry.role);
  // Open, its tabs tell.
  const news = rail && !rail.open ? unread + rail.fresh : 0;
  const toggle = (what: "devices" | "shortcuts"): void => onPanel(panel === what ? undefined : what);

  return (
    <div className={styles["bar"]} role="group" aria-label={words.controls.label} data-host={host}>
      <div className={styles["own"]}>
        <Control
          name={silent ? words.controls.unmute : words.controls.mute}
          short={silent ? words.short.micOff : words.short.mic}
          icon={silent ? <IconMicrophoneOff /> : <IconMicrophone />}
          off={silent}
          onPress={keys.toggleMute}
        />
        <Control
          name={camera.state === "live" ? words.controls.cameraOff : words.controls.cameraOn}
          short={words.short.camera}
          icon={camera.state === "live" ? <IconVideo /> : <IconVideoOff />}
          off={camera.state !== "live"}
          onPress={keys.toggleCamera}
        />
        {call.local.sharesScreen && (
          <Control
            name={screen.state === "live" ? words.controls.stopShare : words.controls.share}
            short={words.short.share}
            icon={screen.state === "live" ? <IconScreenShareOff /> : <IconScreenShare />}
            pressed={screen.state === "live"}
            onPress={() => (screen.state === "live" ? call.local.stopScreen() : void call.local.shareScreen())}
          />
        )}
        <Control
          name={captions ? words.controls.captionsOff : words.controls.captionsOn}
          short={words.short.captions}
          icon={<IconBadgeCc />}
          pressed={captions}
          onPress={keys.toggleCaptions}
        />
        <Control
          name={words.controls.devices}
          short={words.short.devices}
          icon={<IconSettings />}
          expanded={panel === "devices"}
          onPress={() => toggle("devices")}
        />
        <span className={styles["wideOnly"]}>
          <Control
            name={words.controls.shortcuts}
            short={words.controls.shortcuts}
            icon={<IconKeyboard />}
            expanded={panel === "shortcuts"}
            onPress={() => toggle("shortcuts")}
          />
        </span>
        <FullScreenControl />
      </div>
      <div className={styles["middle"]}>
        {recording}
        <StopRecordingMe />
      </div>
      <div className={styles["away"]}>
        <span className={rail ? styles["roomy"] : undefined}>
          <Control
            name={chatWords.open(unread)}
            short={chatWords.short}
            icon={<IconMessage />}
            expanded={chat.open}
            badge={unread}
            onPress={chat.toggle}
          />
        </span>
        {rail && (
          <Control
            name={rail.open ? words.controls.panelHide : words.controls.panelShow(news)}
            short={words.short.panel}
            icon={<IconLayoutSidebarRight />}
            expanded={rail.open}
            narrowBadge={news}
            onPress={rail.toggle}
          />
        )}
        {host && (
          <span className={styles["end"]}>
            <Control name={words.controls.end} short={words.short.end} icon={<IconPhoneOff />} red onPress={onEnd} />
          </span>
        )}
        <Control name={words.controls.leave} short={words.short.leave} icon={<IconDoorExit />} onPress={onLeave} />
      </div>
    </div>
  );
}

/** Where the browser has it, and there is room for the control. */
export function FullScreenControl() {
  const { call: words } = useWords();
  const full = useSyncExternalStore(watchFullScreen, () => document.fullscreenElement !== null);
  if (!document.fullscreenEnabled) return null;
  return (
    <span className={styles["wideOnly"]}>
      <Control
        name={full ? words.controls.fullScreenEnd : words.controls.fullScreen}
        short={words.short.full}
        icon={full ? <IconMinimize /> : <IconMaximize />}
        pressed={full}
        onPress={() => void toggleFullScreen()}
      />
    </span>
  );
}

function watchFullScreen(changed: () => void): () => void {
  document.addEventListener("fullscreenchange", changed);
  return () => document.removeEventListener("fullscreenchange", changed);
}

type ControlProps = {
  readonly name: string;
  readonly short: string;
  readonly icon: ReactNode;
  readonly onPress: () => void;
  readonly off?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly red?: boolean;
  /** A count on the icon; 0 is none. `narrowBadge` is for where there is no room for the control of its own. */
  readonly badge?: number;
  readonly narrowBadge?: number;
};

/** One control of a call: at least 44 px, named for ears, with a short word for eyes where there is room. */
export function Control(control: ControlProps) {
  const {
    name,
    short,
    icon,
    onPress,
    off = false,
    pressed,
    expanded,
    red = false,
    badge = 0,
    narrowBadge = 0,
  } = control;
  return (
    <button
      type="button"
      className={styles["control"]}
      aria-label={name}
      aria-expanded={expanded}
      title={name}
      data-off={off}
      data-on={pressed === true || expanded === true}
      data-red={red}
      onClick={(event) => {
        // A press by hand leaves no focus behind: space is for speaking while muted.
        if (event.detail > 0) event.currentTarget.blur();
        onPress();
      }}
    >
      {icon}
      {badge > 0 && (
        <b className={styles["badge"]} data-badge={badge} aria-hidden>
          {badge}
        </b>
      )}
      {narrowBadge > 0 && (
        <b className={styles["badge"]} data-narrow aria-hidden>
          {narrowBadge}
        </b>
      )}
      <span aria-hidden>{short}</span>
    </button>
  );
}
