import { access, constants } from "node:fs/promises";
import path from "node:path";
import type { Apt } from "./apt.ts";
import type { Env } from "./processes.ts";
import type { Progress } from "./progress.ts";
import { missingForSpeech, speechPackages } from "./speech/build-recogniser.ts";
import { together } from "./together.ts";
import { buildWeb } from "./web-build.ts";
import { mediasoupWorker } from "./worker/worker.ts";

export type Prepared = { readonly workerBin: string; readonly offlineSpeech: boolean };

/** What a stack needs beside the packages: the media worker, the built web app, and offline speech where it is wanted. */
export async function prepare(options: {
  readonly env: Env;
  readonly progress: Progress;
  readonly apt: Apt;
  readonly signal: AbortSignal;
}): Promise<Prepared> {
  const { env, progress, apt } = options;
  const chosen = env["SPEECH"] || (env["DEEPGRAM_API_KEY"] ? "deepgram" : "offline");
  const wanted = chosen === "offline" && !env["SPEECH_OFFLINE_URL"];
  const lacking = wanted && (await missingForSpeech()) !== undefined;
  // At the same time: the worker takes minutes the first time, and the others wait for the network or use one core.
  const [workerBin] = await together<[string, void, void]>(options.signal, [
    (signal) => mediasoupWorker({ ...options, also: lacking ? speechPackages : [], signal }),
    (signal) => (lacking && apt.isRoot ? installSpeech({ progress, apt, signal }) : Promise.resolve()),
    (signal) => buildWeb(progress, signal),
  ]);
  // Asked only now: a line that was typed for the worker had speech in it, which was installed while the worker was built.
  return { workerBin, offlineSpeech: wanted && (await offersSpeech(progress)) };
}

/** It is not worth failing a start for. */
async function installSpeech(options: Pick<Parameters<typeof prepare>[0], "progress" | "apt" | "signal">) {
  try {
    await options.apt.ensure(speechPackages, "offline speech");
  } catch (thrown) {
    options.signal.throwIfAborted();
    options.progress.say(`Offline speech could not be installed: ${String(thrown).split("\n").at(-1)}`);
  }
}

/** Without a Deepgram key, PocketSphinx transcribes English. */
async function offersSpeech(progress: Progress): Promise<boolean> {
  if (!(await missingForSpeech())) return true;
  progress.say(
    `Transcription is off: set DEEPGRAM_API_KEY, or for offline speech in English: sudo apt-get install -y ${speechPackages.join(" ")}`,
  );
  return false;
}

export async function onPath(program: string, env: Env): Promise<string | undefined> {
  for (const folder of (env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, program);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return undefined;
}
