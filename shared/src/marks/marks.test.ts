import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Act, type Change } from "./act.ts";
import { correctedWords, correctionsBySegment, wordsIn } from "./corrected.ts";
import { marksOf } from "./marks.ts";
import { hindrance } from "./may-act.ts";

const id = (n: number): string => `0b9bd7a4-44a3-4b3a-9c3c-${String(n).padStart(12, "0")}`;
const spans = [{ segmentId: "ada:1000", from: 1, to: 3 }];
const annotate = (n: number): Act => ({ do: "annotate", annotation: id(n), spans, tags: [], evidence: [] });
const log = (...acts: readonly (readonly [string, Act])[]): Change[] =>
  acts.map(([name, act], n) => ({ id: id(9_000 + n), seq: n + 1, author: `user:${name}`, name, atMs: n, act }));
const one = (...acts: readonly (readonly [string, Act])[]) => marksOf(log(...acts)).annotations.get(id(1));
const comment = (n: number): Act => ({ do: "comment", annotation: id(1), comment: id(n), text: `text ${n}` });
const remove = (n: number, seen: number, removed = true): Act => ({ do: "remove", target: id(n), removed, seen });

describe("an annotation", () => {
  it("gathers tags, evidence, comments and emoji, each by whom", () => {
    const made = one(
      ["Ada", annotate(1)],
      ["Ben", { do: "tag", annotation: id(1), tag: "risk", on: true }],
      ["Ada", { do: "tag", annotation: id(1), tag: "Team", on: true }],
      ["Ben", { do: "evidence", annotation: id(1), competency: "Team", level: 2 }],
      ["Ada", { do: "evidence", annotation: id(1), competency: "Team", level: 4 }],
      ["Ben", { do: "react", annotation: id(1), emoji: "⭐", on: true }],
      ["Ada", { do: "react", annotation: id(1), emoji: "⭐", on: true }],
      ["Ben", { do: "react", annotation: id(1), emoji: "⭐", on: false }],
      ["Ben", comment(2)],
      ["Ada", { do: "resolve", annotation: id(1), resolved: true }],
    );
    expect(made).toMatchObject({
      by: { name: "Ada" },
      tags: ["risk", "Team"],
      evidence: [{ competency: "Team", level: 4, by: { name: "Ada" } }],
      reactions: [{ emoji: "⭐", by: { name: "Ada" } }],
      comments: [{ id: id(2), text: "text 2", by: { name: "Ben" }, removed: null }],
      resolved: { name: "Ada" },
      removed: null,
    });
  });

  it("is removed and comes back with everything in it; a comment by itself too", () => {
    const gone = [
      ["Ada", annotate(1)],
      ["Ben", comment(2)],
      ["Ada", remove(1, 2)],
    ] as const;
    expect(one(...gone)?.removed).toMatchObject({ name: "Ada" });
    expect(one(...gone, ["Ada", remove(1, 3, false)])).toMatchObject({ removed: null, comments: [{ id: id(2) }] });
    expect(one(...gone.slice(0, 2), ["Ben", remove(2, 2)])?.comments[0]?.removed).toMatchObject({ name: "Ben" });
  });

  it("never takes a reply along that its remover had not seen, whichever came first", () => {
    expect(one(["Ada", annotate(1)], ["Ben", comment(2)], ["Ada", remove(1, 1)])?.removed).toBeNull();
    expect(one(["Ada", annotate(1)], ["Ada", remove(1, 1)], ["Ben", comment(2)])?.removed).toBeNull();
  });
});

it("acts are for those who may: corrections for staff, and others' annotations are not an observer's to remove", () => {
  const marks = marksOf(log(["Ada", annotate(1)], ["Ben", annotate(2)], ["Ada", comment(3)]));
  const observer = { author: "user:Ben", corrects: false };
  const staff = { author: "user:Cem", corrects: true };
  const correct: Act = { do: "correct", correction: id(5), span: { segmentId: "ada:1000", from: 0, to: 1 }, text: "x" };
  expect(
    [annotate(7), comment(4), remove(2, 0), remove(1, 0), remove(3, 0), correct].map((act) =>
      hindrance(act, observer, marks),
    ),
  ).toEqual([undefined, undefined, undefined, "not_theirs", "not_theirs", "not_theirs"]);
  expect([remove(1, 0), remove(3, 0), correct].map((act) => hindrance(act, staff, marks))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const nowhere: Act = { do: "tag", annotation: id(99), tag: "x", on: true };
  expect([nowhere, remove(99, 0)].map((act) => hindrance(act, staff, marks))).toEqual(["missing", "missing"]);
});

it("spelled wrongly is refused", () => {
  for (const wrong of [{ from: 3, to: 3 }, { from: -1, to: 2 }, { segmentId: "x y" }, { to: 1.5 }]) {
    expect(Act.safeParse({ ...annotate(1), spans: [{ ...spans[0], ...wrong }] }).success).toBe(false);
  }
  expect(Act.safeParse({ ...annotate(1), spans: [] }).success).toBe(false);
  expect(Act.safeParse({ ...annotate(1), author: "user:Mallory" }).success).toBe(false);
});

/** A server that gives numbers, and three people who act, are cut off and come back, as the pages and the api do. */
describe("two annotators and a corrector, offline and online in any order", () => {
  const people = ["ada", "ben", "cem"] as const;
  const sentence = wordsIn("we moved the doctor images to another place");
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ who: fc.nat(2), act: fc.constant("act" as const), kind: fc.nat(7), pick: fc.nat(50) }),
    },
    { weight: 4, arbitrary: fc.record({ who: fc.nat(2), act: fc.constant("send" as const), repeat: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ who: fc.nat(2), act: fc.constant("read" as const), upTo: fc.nat(5) }) },
  );

  it("loses nothing, and everybody sees the same in the end", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let number = 0;
        const server: Change[] = [];
        const made: Change[] = [];
        const clients = people.map((name) => ({ name, known: [] as Change[], outbox: [] as Change[] }));
        const seen = (client: (typeof clients)[number]): Change[] => {
          const stored = new Set(client.known.map((each) => each.id));
          return [
            ...client.known,
            ...client.outbox.filter((each) => !stored.has(each.id)).map((each, n) => ({ ...each, seq: 1e6 + n })),
          ];
        };
        const send = (client: (typeof clients)[number], keep: boolean): void => {
          const first = client.outbox[0];
          if (!first) return;
          if (!server.some((each) => each.id === first.id)) server.push({ ...first, seq: server.length + 1 });
          // The answer may be lost: then it is sent again.
          if (!keep) client.outbox.shift();
        };
        for (const each of steps) {
          const client = clients[each.who]!;
          if (each.act === "send") send(client, each.repeat);
          else if (each.act === "read") client.known = server.slice(0, client.known.length + each.upTo);
          else {
            const marks = marksOf(seen(client));
            const living = [...marks.annotations.values()].filter(({ removed }) => !removed);
            const target = living[each.pick % Math.max(1, living.length)]?.id;
            const acts: (Act | undefined)[] = [
              annotate(++number),
              target
                ? { do: "comment", annotation: target, comment: id(++number), text: `by ${client.name}` }
                : undefined,
              target ? { do: "remove", target, removed: true, seen: client.known.length } : undefined,
              target ? { do: "tag", annotation: target, tag: `t${each.pick}`, on: true } : undefined,
            ];
            const from = each.pick % 6;
            const correct: Act = {
              do: "correct",
              correction: id(++number),
              span: { segmentId: "ada:1000", from, to: from + 2 },
              text: `w${number} w${number}b`,
            };
            const act = client.name === "cem" && each.kind > 3 ? correct : acts[each.kind % 4];
            if (!act) continue;
            const change = { id: id(100_000 + ++number), seq: 0, author: client.name, name: client.name, atMs: 0, act };
            client.outbox.push(change);
            made.push(change);
          }
        }
        for (const client of clients) while (client.outbox.length > 0) send(client, false);
        const results = clients.map((client) => {
          client.known = server.toReversed();
          return marksOf(seen(client));
        });
        const [first] = results;
        for (const result of results) expect(result).toEqual(marksOf(server));
        expect(server.map((each) => each.id).toSorted()).toEqual(made.map((each) => each.id).toSorted());
        for (const { act, author } of made) {
          if (act.do === "annotate") expect(first?.annotations.get(act.annotation)?.by.author).toBe(author);
          if (act.do === "correct") expect(first?.corrections.get(act.correction)?.change).toEqual({ text: act.text });
          if (act.do !== "comment") continue;
          const thread = first?.annotations.get(act.annotation);
          expect(thread?.comments.map((each) => each.id)).toContain(act.comment);
          // A thread that is gone was removed by somebody who had every other person's reply before them.
          const by = thread?.removed;
          const removal = by && server[by.seq - 1]?.act;
          if (removal?.do !== "remove") continue;
          const missed = thread?.comments.filter((each) => each.by.author !== by?.author && each.by.seq > removal.seen);
          expect(missed).toEqual([]);
        }
        const words = sentence.map((text, n) => ({ text, startMs: n * 100, endMs: n * 100 + 90 }));
        const shown = results.map((result) =>
          correctedWords(words, correctionsBySegment(result).get("ada:1000")).map(({ text }) => text),
        );
        expect(shown[1]).toEqual(shown[0]);
        expect(shown[2]).toEqual(shown[0]);
      }),
      { numRuns: 300 },
    );
  });
});
