import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LeakReport, leakReport } from "./leak.ts";
import { PLACING_RATE, sounds } from "./placement.ts";
import { resample, type Voices } from "./voices.ts";

/** Writes leak.json: the transcript's words against what each speaker said themselves. */
export async function tellLeak(
  of: Omit<Parameters<typeof leakReport>[0], "spoken"> & { readonly voices: Voices; readonly out: string },
): Promise<LeakReport> {
  const [interviewer, candidate] = await Promise.all(
    [of.voices.interviewer, of.voices.candidate].map(async (voice) => sounds(await resample(voice, PLACING_RATE))),
  );
  const report = leakReport({ ...of, spoken: { interviewer: interviewer ?? [], candidate: candidate ?? [] } });
  await writeFile(join(of.out, "leak.json"), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
