import { glob, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { runCommand } from "./command.ts";
import { root } from "./places.ts";
import { runProgram } from "./run-program.ts";
import { testNeeds } from "./test-needs.ts";

/** One figure: what ours costs, and what a known peer costs at the same work. Lower is better. */
const Metric = z.strictObject({
  name: z.string(),
  ours: z.number(),
  peer: z.number().nullable(),
  peerName: z.string().nullable(),
  unit: z.string(),
  ratio: z.number().nullable(),
  n: z.int().positive(),
});
type Metric = z.infer<typeof Metric>;

/** `npm run bench [-- NAME …]`: every bench module in a process of its own; the figures go to deploy/bench/report.json. */
await runCommand(async ({ progress, apt, signal }) => {
  const wanted = process.argv.slice(2);
  const env = { ...process.env, ...(await testNeeds({ env: process.env, progress, apt, signal })) };
  const metrics: Metric[] = [];
  let failed = 0;
  for (const file of await benches()) {
    if (wanted.length > 0 && !wanted.some((name) => file.includes(name))) continue;
    try {
      const printed = await progress.step(file, () =>
        runProgram({
          command: process.execPath,
          args: [path.join(root, file)],
          cwd: root,
          env,
          failure: `${file} failed.`,
          signal,
        }),
      );
      for (const metric of metricsIn(printed)) {
        metrics.push(metric);
        console.log(describe(metric));
      }
    } catch (thrown) {
      signal.throwIfAborted();
      failed += 1;
      console.error(thrown instanceof Error ? thrown.message : thrown);
    }
  }
  const report = path.join(root, "deploy", "bench", "report.json");
  await mkdir(path.dirname(report), { recursive: true });
  await writeFile(report, `${JSON.stringify(metrics, null, 2)}\n`);
  progress.say(
    `${metrics.length} figures are in ${path.relative(root, report)}${failed ? `; ${failed} benches failed` : ""}.`,
  );
  return failed === 0 && metrics.length > 0 ? 0 : 1;
});

/** Every line of a bench that is a JSON object is a figure; other lines are for people. */
function metricsIn(printed: string): Metric[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => Metric.parse(JSON.parse(line)));
}

function describe({ name, ours, peer, peerName, unit, ratio, n }: Metric): string {
  const beside =
    peer === null ? "" : `, ${peerName} ${round(peer)} ${unit}, ratio ${ratio === null ? "-" : round(ratio)}`;
  return `  ${name}: ${round(ours)} ${unit}${beside} (n = ${n})`;
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

async function benches(): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob("{shared,sfu,api,recorder,web,deploy}/{bench,hands/bench}/*.bench.ts", { cwd: root }))
    files.push(file);
  return files.toSorted();
}
