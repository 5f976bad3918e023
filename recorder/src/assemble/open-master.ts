import { rm } from "node:fs/promises";
import path from "node:path";
import type { Store } from "@verbatim/hands/store/store";
import type { ChunkRow, Manifest } from "@verbatim/shared/recording/manifest";
import { createChunkDecoder, toMix } from "./decode.ts";
import { fetchChunks } from "./fetch.ts";
import { asFound, type Finding, type Findings, unusable } from "./findings.ts";
import { createMadeMp3, type MadeMp3 } from "./made-file.ts";
import { type Plan, planAssembly } from "./plan.ts";
import { lengthOf, masterSound, type Sources, WINDOW } from "./render.ts";
import { makeWorkFolder } from "./work-folder.ts";

/** A manifest's plan, with what its chunks turned out to be. */
export type Settled = { readonly plan: Plan; readonly findings: Findings };

/**
 * A master under way, in a folder of its own that goes with it. Its encoder stays open, so that a recording's master
 * can be made while the recording runs: what one manifest gave is kept as long as the next one gives the same.
 * The bytes are those of a master that is made at once.
 */
export type OpenMaster = AsyncDisposable & {
  readonly sources: Sources;
  /** Encodes whole windows of the manifest's sound up to a position at 48 kHz; further ones wait for the next call. */
  extend(manifest: Manifest, untilSamples: number, signal: AbortSignal): Promise<void>;
  /** Encodes the rest and answers the file. Nothing can be added then. */
  finish(manifest: Manifest, signal: AbortSignal): Promise<Settled & Awaited<ReturnType<MadeMp3["finish"]>>>;
};

export async function openMaster(within: string, store: Store): Promise<OpenMaster> {
  await using opening = new AsyncDisposableStack();
  const folder = await makeWorkFolder(within);
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const decoder = await createChunkDecoder();
  const sources = { folder, decoder };
  /** Chunks that lie in the folder and are good, by key. One that was not may have come since: it is asked for again. */
  const held = new Map<string, { readonly sha256: string; readonly finding: Finding }>();
  let made: MadeMp3 | undefined;
  opening.defer(() => made?.[Symbol.asyncDispose]());
  /** Samples at 16 kHz in the encoder, and what they were made of. */
  let encoded = 0;
  let basis = "";
  const owned = opening.move();

  const settle = async (manifest: Manifest, signal: AbortSignal): Promise<Settled> => {
    const findings = new Map<string, Finding>();
    for (const { key, sha256 } of manifest.chunks) {
      const known = held.get(key);
      if (known?.sha256 === sha256) findings.set(key, known.finding);
    }
    for (;;) {
      const plan = planAssembly(asFound(manifest, findings), unusable(findings));
      const wanted = rowsOf(plan).filter(({ key }) => !findings.has(key));
      if (wanted.length === 0) return { plan, findings };
      const found = await fetchChunks(store, wanted, folder, signal);
      for (const { key, sha256 } of wanted) {
        const finding = found.get(key);
        if (!finding) continue;
        findings.set(key, finding);
        if (finding.ok) held.set(key, { sha256, finding });
      }
    }
  };

  const encodeUntil = async (plan: Plan, until: number, signal: AbortSignal): Promise<MadeMp3> => {
    if (made && basisOf(plan, encoded) !== basis) {
      await made[Symbol.asyncDispose]();
      made = undefined;
    }
    if (!made) encoded = 0;
    made ??= await createMadeMp3(path.join(folder, "master.mp3"));
    try {
      for await (const samples of masterSound(plan, sources, { from: encoded, to: until })) {
        signal.throwIfAborted();
        await made.write(samples);
        encoded += samples.length;
      }
    } finally {
      basis = basisOf(plan, encoded);
    }
    return made;
  };

  return {
    sources,
    async extend(manifest, untilSamples, signal) {
      const { plan } = await settle(manifest, signal);
      const until = Math.min(toMix(untilSamples), lengthOf(plan));
      await encodeUntil(plan, until - (until % WINDOW), signal);
    },
    async finish(manifest, signal) {
      const settled = await settle(manifest, signal);
      const whole = await encodeUntil(settled.plan, lengthOf(settled.plan), signal);
      return { ...settled, ...(await whole.finish(lengthOf(settled.plan))) };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function rowsOf(plan: Plan): ChunkRow[] {
  const pieces = [...plan.speakers.flatMap((speaker) => speaker.pieces), ...plan.mix];
  const rows = pieces.flatMap(({ source }) => (source === "silence" ? [] : [source]));
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

/** Names what a plan's sound is made of up to a position at 16 kHz. Who has not spoken until there changes nothing. */
function basisOf(plan: Plan, until: number): string {
  const made = (pieces: Plan["mix"] | Plan["speakers"][number]["pieces"]): string[] =>
    pieces.flatMap(({ from, to, source }) =>
      source === "silence" || toMix(from) >= until
        ? []
        : [`${toMix(from)} ${Math.min(until, toMix(to))} ${source.startSamples} ${source.sha256}`],
    );
  const speakers = plan.speakers.map(({ pieces }) => made(pieces)).filter((pieces) => pieces.length > 0);
  return JSON.stringify([...speakers, "mix", made(plan.mix)]);
}
