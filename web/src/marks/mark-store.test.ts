import type { Act, Change } from "@verbatim/shared/marks/act";
import { describe, expect, it, vi } from "vitest";
import { CallFailed } from "../api/failure.ts";
import { keepActs } from "./keep-acts.ts";
import { createMarkStore } from "./mark-store.ts";

const annotation = (): string => crypto.randomUUID();
const annotate = (id: string): Act => ({
  do: "annotate",
  annotation: id,
  spans: [{ segmentId: "ada:1", from: 0, to: 1 }],
  tags: [],
  evidence: [],
});
const away = () => new CallFailed({ kind: "unreachable" });
const refused = () =>
  new CallFailed({ kind: "answered", code: "not_found", message: "There are no such words.", requestId: "r" });

/** A browser's storage. */
function storage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (n) => [...items.keys()][n] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** A server that takes each id once, and pages of one person each. */
function world() {
  const changes: Change[] = [];
  const server = { fails: undefined as (() => Error) | undefined, losesAnswers: false };
  const pauses: (() => void)[] = [];
  /** From now on the server is so, and who paused tries again. */
  const serverIs = (now: Partial<typeof server>): void => {
    Object.assign(server, now);
    for (const resume of pauses.splice(0)) resume();
  };
  const kept = new Map<string, Storage>();
  const page = (name: string) => {
    const keep = kept.get(name) ?? storage();
    kept.set(name, keep);
    return createMarkStore({
      read: async (after) => {
        if (server.fails) throw server.fails();
        const read = changes.slice(after, after + 3);
        return { changes: read, last: changes.length, author: `user:${name}`, corrects: true };
      },
      send: async ({ id, act }) => {
        if (server.fails) throw server.fails();
        let stored = changes.find((each) => each.id === id);
        if (!stored) {
          stored = { id, act, seq: changes.length + 1, author: `user:${name}`, name, atMs: 5 };
          changes.push(stored);
        }
        if (server.losesAnswers) throw away();
        return stored;
      },
      keep: keepActs(keep, `interview:${name}`),
      name,
      newId: () => crypto.randomUUID(),
      nowMs: () => 1,
      wait: async () => {
        if (server.fails || server.losesAnswers) await new Promise<void>((resolve) => pauses.push(resolve));
      },
    });
  };
  return { changes, serverIs, page };
}
const ids = (store: ReturnType<ReturnType<typeof world>["page"]>) => [...store.get().marks.annotations.keys()];

describe("an act", () => {
  it("is shown at once, and is everybody's when it is stored", async () => {
    const { page } = world();
    const [ada, ben] = [page("Ada"), page("Ben")];
    const [one, two] = [annotation(), annotation()];
    ada.act(annotate(one));
    expect(ids(ada)).toEqual([one]);
    expect(ada.get().saved).toBe("saving");
    ben.act(annotate(two));
    await vi.waitFor(() => expect([ada.get().saved, ben.get().saved]).toEqual(["saved", "saved"]));
    for (const store of [ada, ben]) store.catchUp(2);
    await vi.waitFor(() => expect(ids(ada)).toEqual(ids(ben)));
    expect(ids(ada)).toHaveLength(2);
    expect(ada.get().marks.annotations.get(one)?.by.author).toBe("user:Ada");
  });

  it("made offline is kept over a reload, in order, and sent when the server is back", async () => {
    const { page, serverIs, changes } = world();
    serverIs({ fails: away });
    const before = page("Ada");
    const made = Array.from({ length: 12 }, annotation);
    for (const id of made) before.act(annotate(id));
    await vi.waitFor(() => expect(before.get().saved).toBe("offline"));
    before.dispose();
    const after = page("Ada");
    expect(ids(after)).toEqual(made);
    serverIs({ fails: undefined });
    await vi.waitFor(() => expect(after.get().saved).toBe("saved"));
    expect(changes.map(({ act }) => "annotation" in act && act.annotation)).toEqual(made);
    expect(ids(page("Ada"))).toEqual([]);
  });

  it("whose answer was lost is stored once", async () => {
    const { page, serverIs, changes } = world();
    serverIs({ losesAnswers: true });
    const store = page("Ada");
    store.act(annotate(annotation()));
    await vi.waitFor(() => expect(store.get().saved).toBe("offline"));
    serverIs({ losesAnswers: false });
    await vi.waitFor(() => expect(store.get().saved).toBe("saved"));
    expect(changes).toHaveLength(1);
    expect(ids(store)).toHaveLength(1);
  });

  it("that the server will never take is said, and does not hold up the next", async () => {
    const { page, serverIs, changes } = world();
    serverIs({ fails: refused });
    const store = page("Ada");
    store.act(annotate(annotation()));
    await vi.waitFor(() => expect(store.get().refused).toMatchObject([{ refused: "There are no such words." }]));
    expect(store.get()).toMatchObject({ saved: "saved", waiting: [] });
    expect(ids(store)).toEqual([]);
    serverIs({ fails: undefined });
    store.act(annotate(annotation()));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    store.dismiss(store.get().refused[0]?.id ?? "");
    expect(store.get().refused).toEqual([]);
  });
});

it("reads on until it has as many as there are", async () => {
  const { page, changes } = world();
  for (let n = 1; n <= 10; n++) {
    changes.push({ id: annotation(), seq: n, author: "user:Ben", name: "Ben", atMs: n, act: annotate(annotation()) });
  }
  const store = page("Ada");
  await vi.waitFor(() => expect(store.get().seq).toBe(10));
});
