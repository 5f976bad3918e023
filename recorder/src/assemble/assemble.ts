import path from "node:path";
import type { Store } from "@verbatim/hands/store/store";
import { masterKey, speakerTrackKey } from "@verbatim/shared/recording/keys";
import type { Assembly, MadeFile, Manifest } from "@verbatim/shared/recording/manifest";
import { asFound, problemsOf, unusable } from "./findings.ts";
import { createMadeMp3 } from "./made-file.ts";
import { measure } from "./measure.ts";
import { type OpenMaster, openMaster } from "./open-master.ts";
import { lengthOf, speakerSound } from "./render.ts";

/**
 * Makes the master and one file per speaker from a manifest, and says what they hold. The same manifest and the same
 * stored chunks make the same bytes under the same keys, so that doing it again, after a kill at any point too,
 * changes nothing. `workFolder` holds what is under way; nothing in it outlives the call.
 *
 * `begun` is a master that was begun while the recording ran; it is used up. `onMaster` hears of the assembly, its
 * speakers' files still missing, as soon as the master is stored: people wait for that one.
 */
export async function assemble(
  manifest: Manifest,
  deps: {
    readonly store: Store;
    readonly workFolder: string;
    readonly begun?: OpenMaster | undefined;
    readonly onMaster?: (assembly: Assembly) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<Assembly> {
  await using master = deps.begun ?? (await openMaster(deps.workFolder, deps.store));
  const { plan, findings, content, sha256 } = await master.finish(manifest, signal);

  const put = async (made: { content: Uint8Array; sha256: string }, key: string): Promise<MadeFile> => {
    await deps.store.put(key, made.content, { sha256: made.sha256, contentType: "audio/mpeg", signal });
    return { key, bytes: made.content.length, sha256: made.sha256, durationSamples: plan.endSamples };
  };
  const { tenantId, interviewId, recordingId, revision } = manifest;
  const assembly: Assembly = {
    recordingId,
    revision,
    durationSamples: manifest.endSamples,
    master: await put({ content, sha256 }, masterKey(tenantId, interviewId, recordingId, revision)),
    tracks: [],
    ...measure(asFound(manifest, findings), plan, unusable(findings)),
    problems: problemsOf(manifest, findings, plan.duplicates),
  };
  if (plan.speakers.length > 0) await deps.onMaster?.(assembly);

  const tracks = plan.speakers.map(async ({ track }, index) => {
    await using made = await createMadeMp3(path.join(master.sources.folder, `${track.trackId}.mp3`));
    for await (const samples of speakerSound(plan, index, master.sources)) {
      signal.throwIfAborted();
      await made.write(samples);
    }
    const key = speakerTrackKey(tenantId, interviewId, recordingId, revision, track.trackId);
    return { seatId: track.seatId, role: track.role, file: await put(await made.finish(lengthOf(plan)), key) };
  });
  return { ...assembly, tracks: await Promise.all(tracks) };
}
