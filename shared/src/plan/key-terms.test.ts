import { describe, expect, it } from "vitest";
import { KeyTerms, keyTermsOf } from "./key-terms.ts";

const competency = (name: string, keyTerms: readonly string[]) => ({
  name,
  keyTerms: [...keyTerms],
  description: "",
  good: "",
});

describe("what speech recognition listens for", () => {
  it("is the people's names and then a term of each competency in turn, each once", () => {
    const template = {
      competencies: [
        competency("Systems", ["Kafka", "back  pressure", "idempotent"]),
        competency("People", ["mentoring", "KAFKA"]),
      ],
    };
    expect(keyTermsOf([" Grace Hopper ", "grace hopper", ""], template)).toEqual([
      "Grace Hopper",
      "Kafka",
      "mentoring",
      "back pressure",
      "idempotent",
    ]);
  });

  it("is names alone without a plan, and never more than the media server takes", () => {
    expect(keyTermsOf(["Grace"], null)).toEqual(["Grace"]);
    const many = Array.from({ length: 12 }, (_, n) =>
      competency(
        `c${n}`,
        Array.from({ length: 20 }, (__, at) => `term ${n} ${at}`),
      ),
    );
    const terms = keyTermsOf(["Grace", "x".repeat(81)], { competencies: many });
    expect(terms).toHaveLength(100);
    expect(KeyTerms.safeParse(terms).success).toBe(true);
    expect(terms.slice(0, 3)).toEqual(["Grace", "term 0 0", "term 1 0"]);
  });
});
