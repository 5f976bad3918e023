import type { Competency, Template } from "./template.ts";

const competency = (name: string, description: string, keyTerms: readonly string[], good: string): Competency => ({
  name,
  description,
  keyTerms: [...keyTerms],
  good,
});

const solving = competency(
  "Problem solving",
  "Takes a problem apart, weighs ways to solve it, and finds out whether it worked.",
  ["problem", "cause", "solution", "measure", "alternative", "trade-off", "result"],
  "Names the cause, says which ways were weighed and why, and what the result was in figures.",
);
const together = competency(
  "Working together",
  "Works with others, disagrees well, and makes others better.",
  ["team", "together", "colleague", "feedback", "disagree", "conflict", "help"],
  "Tells a real disagreement, what the other side thought, and how it ended.",
);
const ownership = competency(
  "Ownership",
  "Takes a thing from its beginning to its end, and answers for it.",
  ["responsible", "decide", "decision", "deadline", "mistake", "learned", "plan"],
  "Says what was their own part, what went wrong, and what they changed after it.",
);
const why = competency(
  "Motivation",
  "Knows why this work, and why here.",
  ["interested", "learn", "motivate", "goal", "company", "future"],
  "Ties what they want to something this place really does.",
);

/** Templates that come with Verbatim. */
export const builtInTemplates: readonly Template[] = [
  {
    name: "First talk, any role",
    minutes: 30,
    competencies: [why, together, ownership],
    questions: [
      { text: "What made you apply, and what do you hope to find here?", competency: why.name },
      { text: "Tell me about a piece of work you are proud of. What was your own part?", competency: ownership.name },
      { text: "Tell me about a time when you and a colleague disagreed. How did it end?", competency: together.name },
      { text: "What went wrong in your last project, and what did you learn from it?", competency: ownership.name },
      { text: "What would you like to learn in the next year?", competency: why.name },
    ],
  },
  {
    name: "Software engineer",
    minutes: 60,
    competencies: [
      solving,
      competency(
        "System design",
        "Designs systems that hold under load, fail in known ways and can be changed.",
        ["database", "scale", "latency", "cache", "queue", "service", "failure", "consistency"],
        "Starts from what is needed, names the limits, and says what breaks first.",
      ),
      competency(
        "Code quality",
        "Writes code that others can read, test and change.",
        ["test", "review", "refactor", "readable", "bug", "deploy"],
        "Says how they know that a change is right, and gives an example of code they made simpler.",
      ),
      together,
    ],
    questions: [
      { text: "Which system that you built are you proudest of, and why?", competency: "System design" },
      { text: "How did you find the cause of the hardest bug of the last year?", competency: solving.name },
      { text: "What would break first if that system had ten times the load?", competency: "System design" },
      { text: "How do you make sure that a change does not break what works?", competency: "Code quality" },
      { text: "Tell me about a technical decision that you were against. What did you do?", competency: together.name },
      { text: "What would you do differently if you began that project again?", competency: solving.name },
    ],
  },
  {
    name: "Product manager",
    minutes: 45,
    competencies: [
      competency(
        "Understanding users",
        "Finds out what people need and not only what they ask for.",
        ["user", "customer", "interview", "research", "need", "data", "experiment"],
        "Tells of something they learned from users that changed the plan.",
      ),
      competency(
        "Deciding what matters",
        "Chooses what to do first, and says no.",
        ["priority", "roadmap", "metric", "goal", "impact", "cost"],
        "Says what was left out, why, and whether that was right.",
      ),
      together,
    ],
    questions: [
      { text: "How did you find out what your users really needed?", competency: "Understanding users" },
      { text: "Tell me about something you decided not to build.", competency: "Deciding what matters" },
      { text: "How did you know that your last release was a success?", competency: "Deciding what matters" },
      { text: "How do you work with engineers who disagree with your plan?", competency: together.name },
    ],
  },
  {
    name: "Customer support",
    minutes: 30,
    competencies: [
      competency(
        "Calm with people",
        "Stays friendly and clear when others are upset.",
        ["customer", "angry", "listen", "calm", "sorry", "understand"],
        "Tells what the customer felt, what they said, and how it ended.",
      ),
      solving,
      ownership,
    ],
    questions: [
      { text: "Tell me about the most difficult customer you helped.", competency: "Calm with people" },
      { text: "What do you do when you do not know the answer?", competency: solving.name },
      { text: "Tell me about a promise to a customer that you could not keep.", competency: ownership.name },
      { text: "How do you decide which request comes first?", competency: solving.name },
    ],
  },
];
