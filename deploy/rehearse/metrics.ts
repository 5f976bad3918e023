/** One sample of a process' /metrics. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Reads Prometheus' text format, as our own processes write it. */
export function readMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, inBraces = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const labels = Object.fromEntries(
      [...inBraces.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", given = ""]) => [key, given]),
    );
    return [{ name, labels, value: Number(value) }];
  });
}

/** Bytes of media that the sfu has received from each seat, from its loopback port. */
export async function receivedBytes(sfuInternal: string): Promise<Map<string, number>> {
  const samples = readMetrics(await (await fetch(`${sfuInternal}/metrics`)).text());
  return new Map(
    samples
      .filter((sample) => sample.name === "verbatim_sfu_received_bytes")
      .map((sample) => [sample.labels["seat"] ?? "", sample.value]),
  );
}
