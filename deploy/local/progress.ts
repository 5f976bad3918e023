/** Tells the person at the terminal what happens, with the time since they typed the command. */
export type Progress = {
  say(text: string): void;
  /** Announces work that takes a while, says when it is done and how long it took. */
  step<T>(what: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
};

/** Quicker steps need no announcement, only their result. */
const ANNOUNCE_AFTER_MS = 700;
const UPDATE_EVERY_MS = 20_000;

/** `startedAt` is Unix time in ms: the clock began in bootstrap.mjs, another process. */
export function createProgress(startedAt = Date.now(), print: (line: string) => void = console.log): Progress {
  const say = (text: string) => print(`[${seconds(Date.now() - startedAt).padStart(6)} s] ${text}`);
  return {
    say,
    async step(what, work) {
      const began = Date.now();
      let latest: string | undefined;
      const announce = setTimeout(() => say(`${what} …`), ANNOUNCE_AFTER_MS);
      const updates = setInterval(() => latest && say(`${what}: ${latest}`), UPDATE_EVERY_MS);
      try {
        const result = await work((text) => (latest = text));
        say(`${what}: done in ${seconds(Date.now() - began)} s`);
        return result;
      } finally {
        clearTimeout(announce);
        clearInterval(updates);
      }
    },
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
