import { rm } from "node:fs/promises";
import path from "node:path";
import type { Store } from "@verbatim/hands/store/store";
import { masterKey, speakerTrackKey } from "@verbatim/shared/recording/keys";
import type { Assembly, ChunkRow, MadeFile, Manifest } from "@verbatim/shared/recording/manifest";
import { createChunkDecoder } from "./decode.ts";
import { fetchChunks } from "./fetch.ts";
import { type Finding, asFound, problemsOf, unusable } from "./findings.ts";
import { createMadeMp3, type MadeMp3 } from "./made-file.ts";
import { measure } from "./measure.ts";
import { createPcmFile, type PcmFile } from "./pcm-file.ts";
import { type Plan, planAssembly } from "./plan.ts";
import { lengthOf, render } from "./render.ts";
import { makeWorkFolder } from "./work-folder.ts";

/**
 * Makes the master and one file per speaker from a manifest, and says what they hold. The same manifest and the same
 * stored chunks make the same bytes under the same keys, so that doing it again, after a kill at any point too,
 * changes nothing. `workFolder` holds what is under way; nothing in it outlives the call.
 *
 * `onMaster` hears of the assembly, its speakers' files still missing, as soon as the master is stored: people wait for
 * that one, and three files at once made them wait twice as long (two cores, 10 minutes of sound: 4.8 s).
 */
export async function assemble(
  manifest: Manifest,
  deps: {
    readonly store: Store;
    readonly workFolder: string;
    readonly onMaster?: (assembly: Assembly) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<Assembly> {
  await using owned = new AsyncDisposableStack();
  const folder = await makeWorkFolder(deps.workFolder);
  owned.defer(() => rm(folder, { recursive: true, force: true }));

  const { plan, findings } = await settle(manifest, deps.store, folder, signal);
  const decoder = owned.use(await createChunkDecoder());
  const master = owned.use(await createMadeMp3(path.join(folder, "master.mp3")));
  const voices: PcmFile[] = [];
  for (const { track } of plan.speakers) {
    voices.push(owned.use(await createPcmFile(path.join(folder, `${track.trackId}.pcm`))));
  }
  await render(
    plan,
    folder,
    decoder,
    {
      master: (samples) => master.write(samples),
      speaker: async (index, samples) => voices[index]?.write(samples),
    },
    signal,
  );

  const put = async (made: MadeMp3, key: string): Promise<MadeFile> => {
    const { content, sha256 } = await made.finish(lengthOf(plan));
    await deps.store.put(key, content, { sha256, contentType: "audio/mpeg", signal });
    return { key, bytes: content.length, sha256, durationSamples: plan.endSamples };
  };
  const { tenantId, interviewId, recordingId, revision } = manifest;
  const assembly: Assembly = {
    recordingId,
    revision,
    durationSamples: manifest.endSamples,
    master: await put(master, masterKey(tenantId, interviewId, recordingId, revision)),
    tracks: [],
    ...measure(asFound(manifest, findings), plan, unusable(findings)),
    problems: problemsOf(manifest, findings, plan.duplicates),
  };
  if (plan.speakers.length > 0) await deps.onMaster?.(assembly);

  const tracks = plan.speakers.map(async ({ track }, index) => {
    await using made = await createMadeMp3(path.join(folder, `${track.trackId}.mp3`));
    for await (const samples of voices[index]?.read() ?? []) {
      signal.throwIfAborted();
      await made.write(samples);
    }
    const key = speakerTrackKey(tenantId, interviewId, recordingId, revision, track.trackId);
    return { seatId: track.seatId, role: track.role, file: await put(made, key) };
  });
  return { ...assembly, tracks: await Promise.all(tracks) };
}

/** Plans, fetches what the plan takes, and plans again without what turned out bad, until all of it is good. */
async function settle(
  manifest: Manifest,
  store: Store,
  folder: string,
  signal: AbortSignal,
): Promise<{ plan: Plan; findings: Map<string, Finding> }> {
  const findings = new Map<string, Finding>();
  for (;;) {
    const plan = planAssembly(asFound(manifest, findings), unusable(findings));
    const wanted = rowsOf(plan).filter(({ key }) => !findings.has(key));
    if (wanted.length === 0) return { plan, findings };
    for (const [key, finding] of await fetchChunks(store, wanted, folder, signal)) findings.set(key, finding);
  }
}

function rowsOf(plan: Plan): ChunkRow[] {
  const pieces = [...plan.speakers.flatMap((speaker) => speaker.pieces), ...plan.mix];
  const rows = pieces.flatMap(({ source }) => (source === "silence" ? [] : [source]));
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}
